import BenchHarness

/// How fast appends can be at all, by mappings and by writes.
enum BareAppendBenchmarks {
  static let all = [
    append("mapped/1KiB", .stream), append("mapped/1KiB/rolls", .rolls),
    append("mapped/100B/prepared", .prepared), append("mapped/100Bx100/prepared", .batches),
    latency("mapped-latency/1KiB"),
    latency("mapped-latency/1KiB/500k", pace: .perSecond(500_000)),
  ]

  /// Beside a write(2) for each batch.
  private static func append(_ name: String, _ plan: AppendPlan) -> Benchmark {
    Benchmark(name, records: plan.shape.recordCount, bytes: plan.shape.byteCount) { surroundings in
      let plan = plan.scaled(to: surroundings)
      let directory = try surroundings.makeDirectory()
      return try BareRoutines.appends(
        plan, in: directory,
        references: [Reference("write(2)", try BareRoutines.writes(plan, in: directory))],
        tearDown: directory.remove)
    }
  }

  private static func latency(_ name: String, pace: Pace = .backToBack) -> Benchmark {
    .latency(name, bytes: AppendPlan.rolls.shape.byteCount, pace: pace) { surroundings in
      let plan = AppendPlan.rolls.scaled(to: surroundings)
      let directory = try surroundings.makeDirectory()
      return try BareRoutines.latency(
        plan, kinds: plan.rollKinds, in: directory, tearDown: directory.remove)
    }
  }
}
