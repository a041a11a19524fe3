import BenchHarness

/// The log itself, beside the bare one.
enum LogSuites {
  static let all = [
    Suite(
      "append",
      AppendBenchmarks.all + AppendLatencyBenchmarks.all + AppendThreadBenchmarks.all),
    Suite("lookup", LookupBenchmarks.all),
    Suite("scan", ScanBenchmarks.all),
    Suite("tail", TailBenchmarks.all),
    Suite("producers", ProducerBenchmarks.all),
    Suite("durable", DurableBenchmarks.all),
    Suite("recovery", RecoveryBenchmarks.all),
    Suite("segments", SegmentBenchmarks.all),
    Suite("store", StoreBenchmarks.all),
    Suite("clean", CleanBenchmarks.all),
    Suite("send", SendBenchmarks.all + ColdSendBenchmarks.all),
  ]
}
