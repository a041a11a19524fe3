import BenchHarness

/// Reading all batches in order, with their checksums, beside nothing but that.
enum ScanBenchmarks {
  static let all = [
    scan("1KiB", .scanned1KiB, [.ratio(atLeast: 0.7), .recordsPerSecond(atLeast: 5e6)]),
    scan("100B", .scanned100B, []),
    scan("100Bx100", .scanned100Bx100, [.recordsPerSecond(atLeast: 30e6)]),
  ]

  private static func scan(_ name: String, _ plan: AppendPlan, _ goals: [Goal]) -> Benchmark {
    Benchmark(
      name, records: plan.shape.recordCount, bytes: plan.shape.byteCount, goals: goals
    ) { surroundings in
      let directory = try surroundings.makeDirectory()
      let stored = try StoredLog(plan.scaled(to: surroundings), in: directory)
      return Routine(
        body: stored.scan,
        references: [Reference(limitName, BareRoutines.scans(try stored.reader))],
        tearDown: {
          try stored.close()
          try directory.remove()
        })
    }
  }
}
