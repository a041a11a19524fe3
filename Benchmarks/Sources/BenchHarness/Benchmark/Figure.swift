/// A number that a benchmark's result may have.
enum Figure: Sendable, Hashable {
  case ratio(to: String)
  case nanosecondsPerRecord
  case recordsPerSecond
  case gigabytesPerSecond
  case count(Counter)
  case latency(Quantile)
  case latencyRatio(Quantile, of: String, to: String)
  /// Exact where it follows from what the code does, and not from what the machine does.
  case tally(String, isExact: Bool)

  /// Whether it hardly depends on the machine, and not at all on how long was measured.
  var isCount: Bool {
    switch self {
    case .count, .tally(_, isExact: true): true
    default: false
    }
  }
}

extension Figure: CustomStringConvertible {
  var description: String {
    switch self {
    case .ratio(limitName): "ratio"
    case .ratio(let reference): "ratio to \(reference)"
    case .nanosecondsPerRecord: "ns/record"
    case .recordsPerSecond: "records/s"
    case .gigabytesPerSecond: "GB/s"
    case .count(let counter): counter.rawValue
    case .latency(let quantile): "\(quantile.rawValue) ns"
    case .latencyRatio(let quantile, let kind, let other):
      "\(quantile.rawValue), \(kind) to \(other)"
    case .tally(let name, _): name
    }
  }
}
