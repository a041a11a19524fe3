import Testing
import VarveTesting

/// A short program, which is tried with a crash at each of its operations.
struct Passage: Sendable, CustomTestStringConvertible {
  let name: String
  let settings: Settings
  /// What leads up to it, in which no crash comes.
  var before: [Step] = []
  let steps: [Step]

  var testDescription: String { "\(name), \(settings.writer)" }
}

extension Passage {
  private static let large = Step.append([2800], .spans)
  private static let small = Step.append([300], .records)
  private static let maintain = Step.maintain(2)
  private static let close = Step.close(isRepeated: false)
  /// Ends the life, and leaves opening to the next step.
  private static let kill = Step.crash(CrashPlan(crash: .kill, seed: CrashPlan.plainSeed), after: 0)
  /// Fills three segments, without any look by maintenance.
  private static let twoRolls = Array(repeating: large, count: 4) + [small]
  /// Lets so much time pass after the last append that the log is parked.
  private static let park = [
    Step.pass(milliseconds: 200), maintain, .pass(milliseconds: 20_000), maintain,
  ]

  static let all = Settings.bothWriters.flatMap { settings in
    [
      Passage(name: "a new log", settings: settings, steps: [.open, small]),
      Passage(
        name: "a roll", settings: settings,
        steps: [.open, large, maintain, large, large, maintain, small, maintain]),
      Passage(
        name: "a roll in a log that was closed before", settings: settings,
        before: [small, close], steps: [large, maintain, large, large, small, maintain, small]),
      Passage(
        name: "two rolls before maintenance", settings: settings,
        steps: [.open] + twoRolls + [maintain, .pass(milliseconds: 200), maintain]),
      Passage(name: "closing", settings: settings, before: twoRolls, steps: [close, .open, small]),
      Passage(
        name: "parking", settings: settings, before: [small, maintain, large],
        steps: park + [small] + park + [large, large]),
      Passage(
        name: "recovery that adopts two spares", settings: settings, before: twoRolls + [kill],
        steps: [.open, small]),
      adoptionBehindClosed(settings),
    ]
  }

  /// A segment that was closed has indexes, and they stand for it until they are replaced.
  static func adoptionBehindClosed(_ settings: Settings) -> Passage {
    Passage(
      name: "recovery that adopts a spare behind a segment that was closed", settings: settings,
      before: [small, small, small, close] + twoRolls + [kill], steps: [.open, small])
  }
}

// MARK: Trying

extension Passage {
  /// Where a crash broke a property; nil if nowhere.
  func firstFailure(_ mutation: SyncMutation? = nil) throws -> String? {
    for point in 0..<(try mutationCount) {
      for plan in Self.plans(at: point) {
        let simulation = Simulation(settings, seed: plan.seed, mutation: mutation)
        do {
          for step in before { try simulation.perform(step) }
          simulation.stop(as: plan, after: point)
          for step in steps { try simulation.perform(step) }
          // What is left out shows in the files that Kafka would find. A look-up that met a wrong
          // index would build it again before anyone saw it.
          try simulation.run(
            mutation == nil
              ? [
                Self.large, Self.maintain, Self.large, .lookUp(seed: 1), Self.large, Self.maintain,
              ]
              : [Self.large, Self.maintain, Self.close])
        } catch {
          return "\(plan) at operation \(point): "
            + SeedFailure(seed: plan.seed, error: error, in: simulation).text
        }
      }
    }
    return nil
  }

  private static func plans(at point: Int) -> [CrashPlan] {
    [CrashPlan(crash: .kill, seed: UInt64(point))]
      + (0..<12).map { CrashPlan(crash: .power, seed: UInt64(point * 100 + $0)) }
  }

  /// How many operations change something.
  var mutationCount: Int {
    get throws {
      let simulation = Simulation(settings)
      for step in before { try simulation.perform(step) }
      let count = simulation.fileSystem.mutationCount
      for step in steps { try simulation.perform(step) }
      return simulation.fileSystem.mutationCount - count
    }
  }
}
