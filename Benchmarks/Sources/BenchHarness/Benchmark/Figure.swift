/// A number that a benchmark's result may have.
enum Figure: Sendable, Hashable {
  case ratio
  case nanosecondsPerRecord
  case recordsPerSecond
  case gigabytesPerSecond
  case count(Counter)
  case latency(Quantile)

  /// Whether it hardly depends on the machine, and not at all on how long was measured.
  var isCount: Bool {
    if case .count = self { true } else { false }
  }
}

extension Figure: CustomStringConvertible {
  var description: String {
    switch self {
    case .ratio: "ratio"
    case .nanosecondsPerRecord: "ns/record"
    case .recordsPerSecond: "records/s"
    case .gigabytesPerSecond: "GB/s"
    case .count(let counter): counter.rawValue
    case .latency(let quantile): "\(quantile.rawValue) ns"
    }
  }
}
