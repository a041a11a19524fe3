/// A benchmark made ready, whatever its form: something that runs in iterations.
struct Workload {
  let extent: Routine.Extent
  let countedThreads: CountedThreads
  let beforeSample: Routine.Loop
  let loop: Routine.Loop
  let afterSample: () throws -> Void

  func warmUp(_ iterations: Int) throws {
    try sampling(iterations) { try loop(iterations) }
  }

  /// Runs the iterations and returns the nanoseconds of all.
  func time(_ iterations: Int) throws -> Double {
    try sampling(iterations) { try Clock.time { try loop(iterations) } }
  }

  /// Does the work of a sample, with what comes before and after.
  func sampling<T>(_ iterations: Int, _ work: () throws -> T) throws -> T {
    try beforeSample(iterations)
    let result = try work()
    try afterSample()
    return result
  }
}

extension Workload {
  init(_ routine: Routine) {
    self.init(
      extent: routine.extent, countedThreads: routine.countedThreads,
      beforeSample: routine.beforeSample, loop: routine.body, afterSample: routine.afterSample)
  }

  init(_ routine: LatencyRoutine) {
    self.init(
      extent: routine.extent, countedThreads: routine.countedThreads,
      beforeSample: { _ in try routine.beforeRun() },
      loop: { iterations in
        switch routine.operation {
        case .timed(let operation):
          for index in 0..<iterations { try operation(index) }
        case .timesItself(let operation):
          for index in 0..<iterations { blackHole(try operation(index)) }
        }
      }, afterSample: routine.afterRun)
  }
}
