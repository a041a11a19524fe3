extension Runner {
  /// Records each operation for as long as all samples of another benchmark take.
  func time(_ routine: LatencyRoutine, pace: Pace) throws -> Histogram {
    let duration = settings.nanosecondsPerSample * Double(settings.samples)
    // Recording may take longer than what is recorded, so it is part of the rehearsal.
    let rehearsal = Workload(loop: { iterations in
      var histogram = Histogram()
      try recordBackToBack(iterations, of: routine, in: &histogram)
    })
    let atFullSpeed = try rehearsal.calibrate(to: duration)
    // A schedule that can't be kept would otherwise take as long as it likes.
    let scheduled = pace.interval.map { max(1, Int(duration / $0)) } ?? atFullSpeed
    let operations = min(scheduled, atFullSpeed)
    try rehearsal.warmUp(operations)
    var histogram = Histogram()
    switch pace.interval {
    case nil: try recordBackToBack(operations, of: routine, in: &histogram)
    case let interval?: try record(operations, of: routine, every: interval, in: &histogram)
    }
    return histogram
  }

  private func recordBackToBack(
    _ operations: Int, of routine: LatencyRoutine, in histogram: inout Histogram
  ) throws {
    for index in 0..<operations {
      let start = Clock.now
      try routine.operation(index)
      histogram.record(Clock.now - start)
    }
  }

  /// The schedule doesn't wait for slow operations, as callers of a busy log wouldn't.
  private func record(
    _ operations: Int, of routine: LatencyRoutine, every interval: Double,
    in histogram: inout Histogram
  ) throws {
    let start = Clock.now
    for index in 0..<operations {
      let scheduled = start + UInt64(Double(index) * interval)
      Clock.spin(until: scheduled)
      try routine.operation(index)
      histogram.record(Clock.now - scheduled)
    }
  }
}
