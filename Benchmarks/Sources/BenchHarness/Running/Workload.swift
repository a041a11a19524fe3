/// A benchmark made ready, whatever its form: something that runs in iterations.
struct Workload {
  let loop: Routine.Loop
  let beforeSample: Routine.Loop
  let tearDown: () throws -> Void
  let maximumIterations: Int

  func warmUp(_ iterations: Int) throws {
    try beforeSample(iterations)
    try loop(iterations)
  }

  /// Runs the iterations and returns the nanoseconds of all.
  func time(_ iterations: Int) throws -> Double {
    try beforeSample(iterations)
    return try Clock.time { try loop(iterations) }
  }
}

extension Workload {
  init(_ routine: Routine) {
    self.init(
      loop: routine.body, beforeSample: routine.beforeSample ?? { _ in },
      tearDown: routine.tearDown, maximumIterations: routine.maximumIterations)
  }

  init(_ routine: LatencyRoutine) {
    self.init(
      loop: { iterations in
        for index in 0..<iterations { try routine.operation(index) }
      },
      beforeSample: { _ in }, tearDown: routine.tearDown, maximumIterations: .max)
  }

  /// A loop that needs nothing to be got ready, such as a routine's limit.
  init(loop: @escaping Routine.Loop) {
    self.init(
      loop: loop, beforeSample: { _ in }, tearDown: {}, maximumIterations: .max)
  }
}

extension Benchmark {
  /// Gets ready.
  func workload() throws -> Workload {
    switch form {
    case .throughput(let prepare): Workload(try prepare())
    case .latency(_, let prepare): Workload(try prepare())
    }
  }
}
