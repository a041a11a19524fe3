/// Measures benchmarks, one after the other.
struct Runner {
  let settings: RunSettings
  let surroundings: Surroundings
  let tracer: SystemCallTracer
  /// Not if the self-check is off.
  var takesCounts: Bool

  func run(_ benchmark: Benchmark) throws -> BenchmarkResult {
    var result = BenchmarkResult(benchmark)
    let prepared = try benchmark.prepared(in: surroundings)
    try prepared.tearingDown {
      let iterations: Int
      switch prepared {
      case .throughput(let routine):
        let timing = try time(routine)
        result.timing = timing
        result.latency = routine.recorded
        result.tallies = routine.tallies.map(\.outcome)
        iterations = timing.body.iterations
      case .latency(let pace, let routine):
        let latency = try time(routine, pace: pace)
        result.latency = latency
        iterations = Int(latency.body.count)
      }
      try count(prepared.workload, atMost: iterations, into: &result)
    }
    return result
  }
}
