internal import CBenchProbes

extension OperationCounts {
  /// Counts what is done while a workload runs its iterations.
  static func counting(_ iterations: Int, of workload: Workload) throws -> OperationCounts {
    try workload.sampling(iterations) {
      try counting(iterations, on: workload.countedThreads, of: workload.loop)
    }
  }

  /// Counts what threads do while a loop runs its iterations.
  ///
  /// System calls are not among it: only a tracer sees them.
  static func counting(
    _ iterations: Int, on threads: CountedThreads = .all, of loop: Routine.Loop
  ) throws -> OperationCounts {
    guard varve_bench_counting_built() != 0 else {
      try loop(iterations)
      return OperationCounts()
    }
    let countsReferences = threads != .callingButForReferences
    varve_bench_counting_start(threads != .all, countsReferences)
    let outcome = Result { try loop(iterations) }
    let totals = varve_bench_counting_stop()
    try outcome.get()
    var counts = OperationCounts(totals, over: iterations)
    if !countsReferences { (counts[.retains], counts[.releases]) = (nil, nil) }
    return counts
  }

  private init(_ totals: varve_bench_counts, over iterations: Int) {
    func average(_ total: UInt64) -> Double { Double(total) / Double(iterations) }
    self.init()
    self[.allocations] = average(totals.allocations)
    self[.frees] = average(totals.frees)
    self[.allocatedBytes] = average(totals.allocated_bytes)
    self[.retains] = average(totals.retains)
    self[.releases] = average(totals.releases)
    self[.accessChecks] = average(totals.access_checks)
  }
}
