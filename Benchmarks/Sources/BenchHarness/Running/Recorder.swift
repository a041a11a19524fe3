/// Times operations one by one.
struct Recorder {
  private(set) var all = Histogram()
  private(set) var kinds: [Histogram]
  private let kind: ((Int) -> Int)?

  init(_ kinds: LatencyRoutine.Kinds?) {
    self.kinds = (kinds?.names ?? []).map { _ in Histogram() }
    kind = kinds?.kind
  }

  mutating func recordBackToBack(
    _ operations: Int, of operation: LatencyRoutine.Operation
  ) throws {
    switch operation {
    case .timed(let operation):
      for index in 0..<operations {
        let start = Clock.now
        try operation(index)
        record(Clock.now - start, of: index)
      }
    case .timesItself(let operation):
      for index in 0..<operations { record(try operation(index), of: index) }
    }
  }

  /// The schedule doesn't wait for slow operations, as callers of a busy log wouldn't.
  mutating func record(
    _ operations: Int, of operation: LatencyRoutine.Operation, every interval: Double, pace: Pace
  ) throws {
    let start = Clock.now
    for index in 0..<operations {
      let scheduled = start + UInt64(Double(index) * interval)
      pace.wait(until: scheduled)
      switch operation {
      case .timed(let operation):
        try operation(index)
        record(Clock.now - scheduled, of: index)
      case .timesItself(let operation):
        record(try operation(index), of: index)
      }
    }
  }

  @inline(__always)
  private mutating func record(_ nanoseconds: UInt64, of index: Int) {
    all.record(nanoseconds)
    if let kind { kinds[kind(index)].record(nanoseconds) }
  }
}
