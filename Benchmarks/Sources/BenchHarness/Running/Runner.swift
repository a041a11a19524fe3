/// Measures benchmarks, one after the other.
struct Runner {
  let settings: RunSettings
  let tracer = SystemCallTracer()
  /// Not if the self-check is off.
  let takesCounts: Bool

  func run(_ benchmark: Benchmark) throws -> BenchmarkResult {
    var result = BenchmarkResult(benchmark)
    switch benchmark.form {
    case .throughput(let prepare):
      let routine = try prepare()
      let workload = Workload(routine)
      let timing = try time(workload, limit: routine.limit.map(Workload.init(limit:)))
      result.timing = timing
      try count(workload, atMost: timing.body.iterations, into: &result)
      try workload.tearDown()
    case .latency(let pace, let prepare):
      let routine = try prepare()
      let workload = Workload(routine)
      let latency = try time(routine, workload, pace: pace)
      result.latency = latency
      try count(workload, atMost: Int(latency.count), into: &result)
      try workload.tearDown()
    }
    return result
  }
}
