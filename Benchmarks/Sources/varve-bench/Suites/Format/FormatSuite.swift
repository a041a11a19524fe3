import BenchHarness

/// Batches, built and read in memory. What is copied and summed alone is their limit.
enum FormatSuite {
  static let suite = Suite(
    "format",
    [100, 1 << 10].map(EncodeBenchmarks.single)
      + shapes.flatMap { [EncodeBenchmarks.inPlace($0), EncodeBenchmarks.owned($0)] }
      + shapes.flatMap {
        [
          IterateBenchmarks.borrowed($0), IterateBenchmarks.owned($0),
          IterateBenchmarks.validated($0),
        ]
      }
      + [StampBenchmarks.stamp, StampBenchmarks.appendTime])

  private static let shapes = [100, 1 << 10].flatMap { valueSize in
    [1, 64, 1000].map { BatchShape(valueSize: valueSize, recordCount: $0) }
  }
}
