/// All that was found out about a benchmark.
struct BenchmarkResult: Sendable {
  let name: String
  let records: Int
  let bytes: Int
  let goals: [Goal]
  /// Of a throughput benchmark.
  var timing: Timing?
  /// Of a latency benchmark.
  var latency: LatencyTiming?
  /// What it found out itself.
  var tallies: [Tally.Outcome] = []
  var counts = OperationCounts()
  var systemCallTrace: SystemCallTrace?
  /// Why system calls couldn't be counted.
  var systemCallsUnknown: String?
  /// Why there is nothing.
  var failure: String?

  init(_ benchmark: Benchmark) {
    name = benchmark.name
    records = benchmark.records
    bytes = benchmark.bytes
    goals = benchmark.goals
  }
}

extension BenchmarkResult {
  /// Nanoseconds for an iteration.
  var nanoseconds: Summary? { timing.flatMap { Summary($0.body.samples) } }

  /// The same of what it is held against.
  func nanoseconds(of reference: String) -> Summary? {
    timing?[reference: reference].flatMap { Summary($0.samples) }
  }

  /// A figure's value, if it is known and means something here.
  subscript(figure: Figure) -> Double? {
    switch figure {
    case .ratio(let reference): timing?.ratio(to: reference)?.median
    case .nanosecondsPerRecord: nanoseconds.map { $0.median / Double(records) }
    case .recordsPerSecond: nanoseconds.map { Double(records) * 1e9 / $0.median }
    case .gigabytesPerSecond: gigabytesPerSecond(nanoseconds)
    case .count(let counter): counts[counter]
    case .latency(let quantile): latency.map { Double($0.body.value(at: quantile)) }
    case .latencyRatio(let quantile, let kind, let other):
      latencyRatio(at: quantile, of: kind, to: other)
    case .tally(let name, _): tallies.first { $0.name == name }?.value
    }
  }

  /// A byte in a nanosecond is a gigabyte in a second.
  func gigabytesPerSecond(_ nanoseconds: Summary?) -> Double? {
    bytes == 0 ? nil : nanoseconds.map { Double(bytes) / $0.median }
  }

  private func latencyRatio(
    at quantile: Quantile, of kind: String, to other: String
  ) -> Double? {
    guard let kind = latency?.body[kind: kind], let other = latency?.body[kind: other],
      kind.count > 0, other.count > 0
    else { return nil }
    return Double(kind.value(at: quantile)) / Double(max(1, other.value(at: quantile)))
  }

  func outcome(of goal: Goal) -> Goal.Outcome {
    goal.outcome(for: self[goal.figure])
  }
}
