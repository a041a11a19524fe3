internal import CBenchProbes

/// The other side of the tracer: this process is the traced one.
struct TracedRun: Sendable, Hashable {
  static let option = "--traced"

  let benchmark: String
  let iterations: Int

  /// Runs the benchmark between the marks that the tracer counts between.
  func run(among benchmarks: [Benchmark], in surroundings: Surroundings) throws {
    guard let benchmark = benchmarks.first(where: { $0.name == benchmark }) else {
      throw UsageError("there is no benchmark named \(benchmark)")
    }
    let prepared = try benchmark.prepared(in: surroundings)
    let workload = prepared.workload
    try prepared.tearingDown {
      // What is only done the first time isn't to be counted for each time.
      try workload.warmUp(iterations)
      try workload.sampling(iterations) {
        varve_bench_trace_begin()
        try workload.loop(iterations)
        varve_bench_trace_end()
      }
    }
  }
}
