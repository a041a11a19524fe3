/// How much of what is wanted must be so.
enum Strictness: Sendable, Hashable {
  /// What is counted. That is the same on any machine, and after a moment as after an hour.
  case counts
  /// That, and half of each share of another's speed: what falls below that is broken, and not in bad
  /// weather. No time, and no tail, which is the machine's more than anybody's.
  case halfOfRatios
  /// Everything.
  case goals
}

extension BenchmarkResult {
  /// What is not as it must be. An unknown figure is not.
  func shortcomings(by strictness: Strictness) -> [String] {
    if let failure { return ["\(name) failed: \(failure)"] }
    return goals.compactMap { goal in
      guard let demand = goal.demand(by: strictness),
        demand.outcome(for: self[demand.figure]) != .met
      else { return nil }
      let measured = self[demand.figure].map(NumberText.short) ?? "unknown"
      return "\(name): \(demand) was wanted, and is \(measured)"
    }
  }
}

extension Goal {
  /// What of it must be so; nil if that is nothing.
  fileprivate func demand(by strictness: Strictness) -> Goal? {
    switch strictness {
    case .counts: figure.isCount ? self : nil
    case .halfOfRatios: figure.isCount ? self : half
    case .goals: self
    }
  }

  private var half: Goal? {
    guard case .ratio = figure, case .atLeast(let share) = bound else { return nil }
    return Goal(figure: figure, bound: .atLeast(share / 2))
  }
}

extension Report {
  /// What is not as it must be, of the counters as well.
  func shortcomings(by strictness: Strictness) -> [String] {
    selfCheck.deviations.map { "the self-check is off: \($0)" }
      + results.flatMap { $0.shortcomings(by: strictness) }
  }
}
