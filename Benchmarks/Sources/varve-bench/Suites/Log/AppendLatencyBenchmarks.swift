import BenchHarness
import Varve

/// How long each append takes, with a roll every 64 MiB.
enum AppendLatencyBenchmarks {
  static let all = [
    benchmark(
      "latency/1KiB",
      goals: [
        .latency(.p50, atMost: 300), .latency(.p999, atMost: 3000),
        .latency(.p9999, of: AppendPlan.aroundRolls, to: AppendPlan.elsewhere, atMost: 2),
      ]),
    benchmark(
      "latency/1KiB/500k", pace: .perSecond(500_000),
      goals: [.latency(.p99, atMost: 5000), .latency(.p999, atMost: 50_000)]),
    // Each full segment goes to the device meanwhile, which the limit knows nothing of.
    benchmark(
      "latency/1KiB/500k/synced", pace: .perSecond(500_000), syncPolicy: .atRoll, goals: []),
  ]

  private static func benchmark(
    _ name: String, pace: Pace = .backToBack, syncPolicy: SyncPolicy = .never, goals: [Goal]
  ) -> Benchmark {
    .latency(name, bytes: AppendPlan.rolls.shape.byteCount, pace: pace, goals: goals) {
      surroundings in
      let plan = AppendPlan.rolls.scaled(to: surroundings)
      let directory = try surroundings.makeDirectory()
      return try LogRoutines.latency(
        plan, in: directory, syncPolicy: syncPolicy,
        references: [Reference(limitName, BareRoutines.latency(plan, in: directory))],
        tearDown: directory.remove)
    }
  }
}
