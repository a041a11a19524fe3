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
      try workload.tearingDown {
        let timing = try time(workload, limit: routine.limit.map(Workload.init(loop:)))
        result.timing = timing
        try count(workload, atMost: timing.body.iterations, into: &result)
      }
    case .latency(let pace, let prepare):
      let routine = try prepare()
      let workload = Workload(routine)
      try workload.tearingDown {
        let latency = try time(routine, pace: pace)
        result.latency = latency
        try count(workload, atMost: Int(latency.count), into: &result)
      }
    }
    return result
  }
}

extension Workload {
  /// Tears down whether or not the work succeeds, since it may have left files.
  fileprivate func tearingDown(after work: () throws -> Void) throws {
    let outcome = Result { try work() }
    let tornDown = Result { try tearDown() }
    // What went wrong first is the better explanation.
    try outcome.get()
    try tornDown.get()
  }
}
