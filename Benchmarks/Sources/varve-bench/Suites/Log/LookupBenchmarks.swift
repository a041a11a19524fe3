import BenchHarness

/// From any offset to its record, where all is in memory.
enum LookupBenchmarks {
  static let all = [few, many]

  private static let fewSegments = "64 segments"

  /// Beside reads of the same files at places that are known.
  private static let few = Benchmark(
    "1KiB/64", bytes: AppendPlan.segments64.shape.byteCount,
    goals: [.nanosecondsPerRecord(atMost: 1000)]
  ) { surroundings in
    let plan = AppendPlan.segments64.scaled(to: surroundings)
    let directory = try surroundings.makeDirectory()
    let stored = try StoredLog(plan, in: directory)
    return Routine(
      body: stored.lookUp,
      references: [Reference(limitName, BareRoutines.lookUps(try stored.reader))],
      tearDown: {
        try stored.close()
        try directory.remove()
      })
  }

  /// Beside a log of the same records in few segments.
  private static let many = Benchmark(
    "1KiB/4096", bytes: AppendPlan.segments4096.shape.byteCount,
    goals: [.ratio(to: fewSegments, atLeast: 1 / 1.5)]
  ) { surroundings in
    let directories = [try surroundings.makeDirectory(), try surroundings.makeDirectory()]
    let many = try StoredLog(.segments4096.scaled(to: surroundings), in: directories[0])
    let few = try StoredLog(.segments64.scaled(to: surroundings), in: directories[1])
    return Routine(
      body: many.lookUp,
      references: [Reference(fewSegments, Routine(body: few.lookUp))],
      tearDown: {
        try many.close()
        try few.close()
        for directory in directories { try directory.remove() }
      })
  }
}
