import BenchHarness

/// All that Varve is compared in.
let peerSuite = Suite(
  "peers",
  AppendComparisons.all + ReadComparisons.all + [ReopenComparison.benchmark])
