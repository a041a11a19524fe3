/// A benchmark and what was measured of it and of its references.
struct Measurement: Codable, Sendable {
  var name: String
  var recordsPerIteration: Int
  var bytesPerIteration: Int
  var nanosecondsPerIteration: Samples?
  var limitNanosecondsPerIteration: Samples?
  var references: [Reference]
  var latencyNanoseconds: Latencies?
  var latencyReferences: [LatencyReference]
  var tallies: [String: Double?]

  /// Whatever there were: only their middle and ends are kept.
  struct Samples: Codable, Sendable {
    var summary: Spread?
  }

  struct Spread: Codable, Sendable, Hashable {
    var median: Double
    var minimum: Double
    var maximum: Double
  }

  struct Reference: Codable, Sendable {
    var name: String
    var nanosecondsPerIteration: Samples
    var ratio: Spread?
  }

  struct Latencies: Codable, Sendable, Hashable {
    var p50: Double
    var p99: Double
    var p999: Double
    var p9999: Double
    var max: Double

    enum CodingKeys: String, CodingKey {
      case p50, p99, max
      case p999 = "p99.9"
      case p9999 = "p99.99"
    }

    static let names = ["p50", "p99", "p99.9", "p99.99", "max"]

    var values: [Double] { [p50, p99, p999, p9999, max] }
  }

  struct LatencyReference: Codable, Sendable {
    var name: String
    var latencyNanoseconds: Latencies
  }
}

extension Measurement {
  /// Whose figures are meant.
  enum Subject: Sendable, Hashable {
    /// Varve's.
    case own
    /// Those of the least that any code does for the same.
    case limit
    case reference(String)
  }

  /// The median of the nanoseconds for an iteration.
  func nanoseconds(of subject: Subject) -> Double? {
    switch subject {
    case .own: nanosecondsPerIteration?.summary?.median
    case .limit: limitNanosecondsPerIteration?.summary?.median
    case .reference(let name):
      references.first { $0.name == name }?.nanosecondsPerIteration.summary?.median
    }
  }

  func latencies(of subject: Subject) -> Latencies? {
    switch subject {
    case .own: latencyNanoseconds
    case .limit: latencyReferences.first { $0.name == "limit" }?.latencyNanoseconds
    case .reference(let name): latencyReferences.first { $0.name == name }?.latencyNanoseconds
    }
  }

  func recordsPerSecond(of subject: Subject) -> Double? {
    nanoseconds(of: subject).map { Double(recordsPerIteration) * 1e9 / $0 }
  }

  /// A byte in a nanosecond is a gigabyte in a second.
  func gigabytesPerSecond(of subject: Subject) -> Double? {
    bytesPerIteration == 0 ? nil : nanoseconds(of: subject).map { Double(bytesPerIteration) / $0 }
  }
}
