extension SelfCheck {
  /// What the counters made of the benchmark whose counts are known.
  struct Outcome: Sendable, Hashable {
    let deviations: [Deviation]
    /// Why system calls can't be counted, if they can't.
    let systemCallsUnknown: String?
  }

  /// Counts the known benchmark.
  static func perform(tracer: SystemCallTracer = SystemCallTracer()) throws -> Outcome {
    let iterations = 100
    let workload = try benchmark.workload()
    try workload.warmUp(iterations)
    var counts = try OperationCounts.counting(iterations, of: workload.loop)
    do {
      counts[.systemCalls] = try tracer.trace(benchmark.name, iterations: iterations).perIteration
      return Outcome(deviations: deviations(in: counts), systemCallsUnknown: nil)
    } catch let error as SystemError {
      return Outcome(deviations: deviations(in: counts), systemCallsUnknown: error.description)
    }
  }
}

extension SelfCheck.Outcome: CustomStringConvertible {
  var description: String {
    guard deviations.isEmpty else {
      let list = deviations.map(\.description).joined(separator: ", ")
      return "The self-check is off, so no counts are shown: \(list)."
    }
    let systemCalls = systemCallsUnknown.map { " System calls are unknown: \($0)." } ?? ""
    return "The self-check counted what it should." + systemCalls
  }
}
