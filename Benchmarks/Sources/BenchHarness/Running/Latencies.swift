/// What operations took, of one or several runs.
struct Latencies: Sendable {
  private(set) var runs: [Histogram] = []
  /// Those of some operations, of all runs together: they may be too few in one.
  private(set) var kinds: [Kind] = []

  struct Kind: Sendable {
    let name: String
    var histogram = Histogram()
  }

  init(kinds names: [String] = []) {
    kinds = names.map { Kind(name: $0) }
  }

  mutating func add(_ run: Histogram, kinds histograms: [Histogram] = []) {
    runs.append(run)
    for index in kinds.indices { kinds[index].histogram.merge(histograms[index]) }
  }

  /// Operations of all runs.
  var count: UInt64 { runs.reduce(0) { $0 + $1.count } }

  /// The median of what the runs say.
  func value(at quantile: Quantile) -> UInt64 {
    let values = runs.map { $0.value(at: quantile) }.sorted()
    return values.isEmpty ? 0 : values[values.count / 2]
  }

  subscript(kind name: String) -> Histogram? {
    kinds.first { $0.name == name }?.histogram
  }
}

/// A latency benchmark's operations, and those of what it is held against.
struct LatencyTiming: Sendable {
  var body: Latencies
  var references: [Named] = []

  struct Named: Sendable {
    let name: String
    var latencies: Latencies
  }
}
