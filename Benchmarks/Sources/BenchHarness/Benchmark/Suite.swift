/// Benchmarks that belong together, under one name.
public struct Suite: Sendable {
  /// The name, which comes first in that of each benchmark.
  public let name: String
  /// The benchmarks in the order in which they run, by their full names.
  public let benchmarks: [Benchmark]

  /// Creates a suite.
  public init(_ name: String, _ benchmarks: [Benchmark]) {
    self.name = name
    self.benchmarks = benchmarks.map { $0.named("\(name)/\($0.name)") }
  }
}
