import BenchHarness

/// What a log could do at best: the same bytes in the same files, and nothing else.
enum BareSuite {
  static let suite = Suite(
    "bare", BareAppendBenchmarks.all + BareReadBenchmarks.all + BareWakeBenchmarks.all)
}
