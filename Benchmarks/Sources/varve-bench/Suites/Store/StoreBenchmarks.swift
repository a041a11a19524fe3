import BenchHarness
import Varve

/// How things grow with the logs of a store, of ten segments each: what it takes to open them once they
/// were closed, to append to each, and to close them, and what the process holds meanwhile.
enum StoreBenchmarks {
  static let all = [
    benchmark("10", 10), benchmark("100", 100), benchmark("1k", 1000), benchmark("10k", 10_000),
  ]

  /// In a moment not everything is counted that is in an hour.
  private static let briefCount = 30

  private static func benchmark(_ name: String, _ count: Int) -> Benchmark {
    // What is wanted of the most is wanted of all.
    Benchmark(
      name,
      goals: [
        .tally(StoreWatch.openNanoseconds, atMost: 3e9, isExact: false),
        .tally(StoreWatch.kibibytes, atMost: 400_000, isExact: false),
        .tally(StoreWatch.descriptors, atMost: 1000),
        .tally(StoreWatch.threads, atMost: 16),
      ]
    ) { surroundings in
      let directory = try surroundings.makeDirectory()
      let logs = try ManyLogs(
        surroundings.scale(count, brief: min(count, briefCount)), in: directory)
      let watch = StoreWatch()
      return Routine(
        iterations: 1, countedThreads: .callingButForReferences,
        beforeSample: { _ in watch.begin() },
        body: { _ in try watch.opening { try logs.open() } },
        tallies: watch.tallies,
        afterSample: {
          watch.look()
          try watch.appending(logs.count) { try logs.append(watch) }
          watch.look()
          try watch.closing { try logs.close() }
          watch.end()
        },
        tearDown: directory.remove)
    }
  }
}
