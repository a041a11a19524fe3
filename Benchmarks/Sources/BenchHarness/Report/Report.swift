/// All that a run found out.
struct Report: Sendable {
  let machine: MachineFacts
  let settings: RunSettings
  let selfCheck: SelfCheck.Outcome
  var results: [BenchmarkResult] = []

  /// Whether every counter counts, and every goal is known to be met.
  var isAsWanted: Bool {
    selfCheck.deviations.isEmpty
      && results.allSatisfy { $0.isAsWanted(times: settings.timesCount) }
  }
}
