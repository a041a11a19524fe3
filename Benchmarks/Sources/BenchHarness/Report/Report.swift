/// All that a run found out.
struct Report: Sendable {
  let machine: MachineFacts
  let settings: RunSettings
  let selfCheck: SelfCheck.Outcome
  var results: [BenchmarkResult] = []
  /// How it was asked for.
  var command: String?
}
