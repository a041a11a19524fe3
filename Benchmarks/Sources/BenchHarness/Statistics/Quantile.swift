/// A place in the distribution of latencies.
public enum Quantile: String, Sendable, Hashable, CaseIterable {
  /// Half of all operations.
  case p50
  /// All but one in a hundred.
  case p99
  /// All but one in a thousand.
  case p999 = "p99.9"
  /// All but one in ten thousand.
  case p9999 = "p99.99"
  /// All.
  case max

  var fraction: Double {
    switch self {
    case .p50: 0.5
    case .p99: 0.99
    case .p999: 0.999
    case .p9999: 0.9999
    case .max: 1
    }
  }
}
