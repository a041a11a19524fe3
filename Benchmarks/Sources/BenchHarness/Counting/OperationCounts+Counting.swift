internal import CBenchProbes

extension OperationCounts {
  /// Counts what is done while a workload runs its iterations.
  ///
  /// System calls are not among it: only a tracer sees them.
  static func counting(_ iterations: Int, of workload: Workload) throws -> OperationCounts {
    guard varve_bench_counting_built() != 0 else {
      try workload.warmUp(iterations)
      return OperationCounts()
    }
    return try workload.sampling(iterations) {
      varve_bench_counting_start(workload.countedThreads == .calling)
      let outcome = Result { try workload.loop(iterations) }
      let totals = varve_bench_counting_stop()
      try outcome.get()
      return OperationCounts(totals, over: iterations)
    }
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
