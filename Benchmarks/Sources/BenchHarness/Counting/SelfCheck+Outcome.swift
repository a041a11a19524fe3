extension SelfCheck {
  /// What the counters made of the benchmark whose counts are known.
  struct Outcome: Sendable, Hashable {
    let deviations: [Deviation]
    /// What there is no counter for, in this build or on this machine.
    let unknown: [Counter]
    /// Why system calls can't be counted, if they can't.
    let systemCallsUnknown: String?
  }

  /// Counts the known benchmark.
  static func perform(tracer: SystemCallTracer) throws -> Outcome {
    let iterations = 100
    let workload = Workload(try routine())
    try workload.warmUp(iterations)
    var counts = try OperationCounts.counting(iterations, of: workload)
    var reason: String?
    do {
      counts[.systemCalls] = try tracer.trace(benchmark.name, iterations: iterations).perIteration
    } catch {
      reason = "\(error)"
    }
    return Outcome(counts, systemCallsUnknown: reason)
  }
}

extension SelfCheck.Outcome {
  init(_ counts: OperationCounts, systemCallsUnknown: String?) {
    self.init(
      deviations: SelfCheck.deviations(in: counts),
      unknown: Counter.allCases.filter { counts[$0] == nil },
      systemCallsUnknown: systemCallsUnknown)
  }
}

extension SelfCheck.Outcome: CustomStringConvertible {
  var description: String {
    guard deviations.isEmpty else {
      let list = deviations.map(\.description).joined(separator: ", ")
      return "The self-check is off, so no counts are shown: \(list)."
    }
    guard !unknown.isEmpty else { return "The self-check counted what it should." }
    let list = unknown.map(\.rawValue).joined(separator: ", ")
    let reason = systemCallsUnknown.map { " (\($0))" } ?? ""
    return "The self-check counted what it should, but unknown are: \(list)\(reason)."
  }
}
