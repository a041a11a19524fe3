extension Runner {
  /// Records each operation: in several runs, where the routine says how long one is, or else for
  /// as long as all samples of another benchmark take.
  func time(_ routine: LatencyRoutine, pace: Pace) throws -> LatencyTiming {
    var body = try Recording(routine, pace: pace, settings: settings)
    var references = try routine.references.map {
      try Recording($0.routine, pace: pace, settings: settings)
    }
    for _ in 0..<body.runCount {
      try body.run()
      for index in references.indices { try references[index].run() }
    }
    return LatencyTiming(
      body: body.latencies,
      references: zip(routine.references, references).map {
        .init(name: $0.name, latencies: $1.latencies)
      })
  }
}

/// A routine and what was recorded of it.
private struct Recording {
  let routine: LatencyRoutine
  let pace: Pace
  let operations: Int
  let runCount: Int
  var latencies: Latencies

  /// Finds out how many operations there will be, and lets the machine see as many.
  init(_ routine: LatencyRoutine, pace: Pace, settings: RunSettings) throws {
    self.routine = routine
    self.pace = pace
    latencies = Latencies(kinds: routine.kinds?.names ?? [])
    let rehearsal = Self.rehearsal(of: routine)
    switch routine.extent {
    case .exactly(let operations):
      self.operations = operations
      runCount = settings.samples(of: routine.extent)
    case .timed:
      let duration = settings.nanosecondsPerSample * Double(settings.samples)
      let atFullSpeed = try rehearsal.calibrate(to: duration)
      // A schedule that can't be kept would otherwise take as long as it likes.
      let scheduled = pace.interval.map { max(1, Int(duration / $0)) } ?? atFullSpeed
      operations = min(scheduled, atFullSpeed)
      runCount = 1
    }
    try rehearsal.warmUp(operations)
  }

  /// Recording may take longer than what is recorded, so it is part of the rehearsal.
  private static func rehearsal(of routine: LatencyRoutine) -> Workload {
    let workload = Workload(routine)
    return Workload(
      extent: workload.extent, countedThreads: workload.countedThreads,
      beforeSample: workload.beforeSample,
      loop: { operations in
        var recorder = Recorder(routine.kinds)
        try recorder.recordBackToBack(operations, of: routine.operation)
      }, afterSample: workload.afterSample)
  }

  mutating func run() throws {
    var recorder = Recorder(routine.kinds)
    try Workload(routine).sampling(operations) {
      switch pace.interval {
      case nil: try recorder.recordBackToBack(operations, of: routine.operation)
      case let interval?:
        try recorder.record(operations, of: routine.operation, every: interval, pace: pace)
      }
    }
    latencies.add(recorder.all, kinds: recorder.kinds)
  }
}
