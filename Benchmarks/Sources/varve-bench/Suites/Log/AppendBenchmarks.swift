import BenchHarness
import Varve

/// Appends, one after the other, beside the same bytes by a loop in C and by write(2).
enum AppendBenchmarks {
  static let all = [
    records("1KiB", .stream, [.ratio(atLeast: 0.85), .ratio(to: writing, atLeast: 2.5)]),
    records(
      "100B/prepared", .prepared,
      [.recordsPerSecond(atLeast: 15e6), .ratio(to: writing, atLeast: 4)]),
    batches,
    steady(valueSize: 100), steady(valueSize: 1 << 10),
  ]

  static let writing = "write(2)"

  /// One record in each call.
  private static func records(_ name: String, _ plan: AppendPlan, _ goals: [Goal]) -> Benchmark {
    benchmark(name, plan, goals) { plan in
      let value = filledBuffer(plan.shape.valueSize)
      return { log, iterations in
        try LogLoops.append(UnsafeRawBufferPointer(value), to: log, times: iterations)
      }
    }
  }

  /// A hundred records in each call, built before.
  private static let batches = benchmark(
    "100Bx100/prepared", .batches, [.ratio(atLeast: 0.8)]
  ) { plan in
    let batch = try plan.shape.batch()
    return { log, iterations in try LogLoops.append(batch, to: log, times: iterations) }
  }

  private static func benchmark(
    _ name: String, _ plan: AppendPlan, _ goals: [Goal],
    loop: @escaping @Sendable (AppendPlan) throws -> (Log, _ iterations: Int) throws -> Void
  ) -> Benchmark {
    Benchmark(
      name, records: plan.shape.recordCount, bytes: plan.shape.byteCount, goals: goals
    ) { surroundings in
      let plan = plan.scaled(to: surroundings)
      let directory = try surroundings.makeDirectory()
      return try LogRoutines.appends(
        plan, in: directory, loop: loop(plan),
        references: [
          Reference(limitName, BareRoutines.appends(plan, in: directory)),
          Reference(writing, BareRoutines.writes(plan, in: directory)),
        ], tearDown: directory.remove)
    }
  }

  /// What an append does that the clock may not show: nothing is allocated, retained or checked.
  private static func steady(valueSize: Int) -> Benchmark {
    let shape = BatchShape(valueSize: valueSize, recordCount: 1)
    let counters: [Counter] = [.allocations, .retains, .accessChecks]
    return Benchmark(
      "steady/\(sizeName(valueSize))", bytes: shape.byteCount,
      goals: counters.map { .count($0, atMost: 0) }
    ) { surroundings in
      let directory = try surroundings.makeDirectory()
      let value = UnsafeRawBufferPointer(filledBuffer(valueSize))
      let log = try LogUnderTest.openPrepared(in: directory, .prepared)
      return Routine(
        // All samples together stay in bounds on the disk.
        maximumIterations: (64 << 20) / shape.byteCount,
        countedThreads: .calling,
        body: { iterations in try LogLoops.append(value, to: log, times: iterations) },
        tearDown: {
          try LogUnderTest.close(log)
          try directory.remove()
          value.deallocate()
        })
    }
  }
}
