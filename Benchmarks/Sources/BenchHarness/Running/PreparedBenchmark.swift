/// A benchmark made ready.
enum PreparedBenchmark {
  case throughput(Routine)
  case latency(Pace, LatencyRoutine)

  var workload: Workload {
    switch self {
    case .throughput(let routine): Workload(routine)
    case .latency(_, let routine): Workload(routine)
    }
  }

  /// Tears down whether or not the work succeeds, since it may have left files.
  func tearingDown<T>(after work: () throws -> T) throws -> T {
    let outcome = Result { try work() }
    let tornDown = tearDowns.map { tearDown in Result { try tearDown() } }
    // What went wrong first is the better explanation.
    let result = try outcome.get()
    for outcome in tornDown { try outcome.get() }
    return result
  }

  /// References may use what the benchmark got ready, so they are first.
  private var tearDowns: [() throws -> Void] {
    switch self {
    case .throughput(let routine):
      routine.references.map(\.routine.tearDown) + [routine.tearDown]
    case .latency(_, let routine):
      routine.references.map(\.routine.tearDown) + [routine.tearDown]
    }
  }
}

extension Benchmark {
  /// Gets ready.
  func prepared(in surroundings: Surroundings) throws -> PreparedBenchmark {
    switch form {
    case .throughput(let prepare): .throughput(try prepare(surroundings))
    case .latency(let pace, let prepare): .latency(pace, try prepare(surroundings))
    }
  }
}
