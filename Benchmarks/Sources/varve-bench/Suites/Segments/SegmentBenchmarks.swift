import BenchHarness
import Varve

/// How things grow with the segments of a log, each of which holds one batch: what it takes to open it
/// once it was closed, and then to append and to look up, and what it holds meanwhile.
enum SegmentBenchmarks {
  static let all = [
    benchmark("1", 1), benchmark("10", 10), benchmark("100", 100), benchmark("1k", 1000),
    benchmark("10k", 10_000), benchmark("100k", 100_000),
  ]

  /// In a moment not everything is counted that is in an hour.
  private static let briefCount = 1000

  private static func benchmark(_ name: String, _ count: Int) -> Benchmark {
    // What is wanted of the largest is wanted of all.
    Benchmark(
      name,
      goals: [
        .tally(SegmentWatch.openNanoseconds, atMost: 500e6, isExact: false),
        .tally(SegmentWatch.descriptors, atMost: 64),
        .tally(SegmentWatch.mappings, atMost: 100),
        .tally(SegmentWatch.kibibytes, atMost: 100_000, isExact: false),
      ]
    ) { surroundings in
      let count = surroundings.scale(count, brief: min(count, briefCount))
      let directory = try surroundings.makeDirectory()
      let segmented = try SegmentedLog(count, in: directory)
      let watch = SegmentWatch()
      return Routine(
        iterations: 1, countedThreads: .callingButForReferences,
        beforeSample: { _ in watch.begin() },
        body: { _ in try watch.opening { try segmented.open() } },
        tallies: watch.tallies,
        afterSample: {
          watch.end()
          try segmented.use(watch)
          try segmented.close(watch)
        },
        tearDown: directory.remove)
    }
  }
}
