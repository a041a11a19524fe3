extension Runner {
  /// Counts in passes of their own: nothing that counts runs while something is timed.
  func count(
    _ workload: Workload, atMost iterations: Int, into result: inout BenchmarkResult
  ) throws {
    guard takesCounts else { return }
    let counted = min(iterations, settings.countedIterations)
    try workload.warmUp(counted)
    var counts = try OperationCounts.counting(counted, of: workload)
    do {
      let trace = try tracer.trace(result.name, iterations: counted)
      counts[.systemCalls] = trace.perIteration
      result.systemCallTrace = trace
    } catch {
      result.systemCallsUnknown = "\(error)"
    }
    result.counts = counts
  }
}
