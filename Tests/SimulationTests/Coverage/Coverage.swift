/// How often what happened.
struct Coverage: Sendable {
  private(set) var counts: [NamedState: Int] = [:]
  /// Of each program, how many steps were done and how many segments begun.
  private(set) var stepCounts: [Int] = []
  private(set) var rollCounts: [Int] = []

  mutating func note(_ state: NamedState) { counts[state, default: 0] += 1 }
  mutating func note(_ states: some Sequence<NamedState>) { states.forEach { note($0) } }

  mutating func noteProgram(steps: Int, rolls: Int) {
    stepCounts.append(steps)
    rollCounts.append(rolls)
  }

  mutating func add(_ other: Coverage) {
    counts.merge(other.counts, uniquingKeysWith: +)
    stepCounts += other.stepCounts
    rollCounts += other.rollCounts
  }

  /// What should have happened, and did not.
  var missing: [NamedState] {
    NamedState.allCases.filter {
      counts[$0, default: 0] == 0 && !$0.isForbidden && !$0.isRare
    }
  }
  /// What should not have happened, and did.
  var forbidden: [NamedState] {
    NamedState.allCases.filter { counts[$0, default: 0] > 0 && $0.isForbidden }
  }

  var medianStepCount: Int { Self.median(stepCounts) }
  var medianRollCount: Int { Self.median(rollCounts) }

  private static func median(_ counts: [Int]) -> Int {
    counts.isEmpty ? 0 : counts.sorted()[counts.count / 2]
  }
}

extension Coverage: CustomStringConvertible {
  var description: String {
    let lines = NamedState.allCases.map { "\($0.rawValue): \(counts[$0, default: 0])" }
    return
      ([
        "\(stepCounts.count) programs, median of \(medianStepCount) steps, "
          + "\(medianRollCount) rolls"
      ] + lines).joined(separator: "\n")
  }
}
