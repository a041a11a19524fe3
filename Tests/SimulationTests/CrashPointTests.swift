import Testing
import VarveTesting

/// A crash at every single operation that changes something, of programs short enough for that.
@Suite struct CrashPointTests {
  /// A program, and what leads up to it, in which no crash comes.
  struct Passage: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var before: [Step] = []
    let steps: [Step]
    var settings: Settings
  }

  private static let large = Step.append([2800], .spans)
  private static let small = Step.append([300], .records)
  /// Fills three segments, without any look by maintenance.
  private static let twoRolls = Array(repeating: large, count: 4) + [small]
  private static let maintain = Step.maintain(2)

  static let passages = Settings.bothWriters.flatMap { settings -> [Passage] in
    var settings = settings
    settings.segmentByteCount = 8 << 10
    func passage(_ name: String, before: [Step] = [], _ steps: [Step]) -> Passage {
      Passage(
        testDescription: "\(name), \(settings.writer)", before: before, steps: steps,
        settings: settings)
    }
    return [
      passage("a new log", [.open, small]),
      passage("a roll", [.open, large, maintain, large, large, maintain, small, maintain]),
      passage(
        "a roll in a log that was closed before", before: [small, .close(isRepeated: false)],
        [large, maintain, large, large, small, maintain, small]),
      passage(
        "two rolls before maintenance",
        [.open] + twoRolls + [maintain, .pass(milliseconds: 200), maintain]),
      passage("closing", before: twoRolls, [.close(isRepeated: false), .open, small]),
      passage(
        "parking", before: [small, maintain, large],
        [
          .pass(milliseconds: 200), maintain, .pass(milliseconds: 20_000), maintain, small,
          .pass(milliseconds: 200), maintain, .pass(milliseconds: 20_000), maintain, large, large,
        ]),
      passage(
        "recovery with two spares to adopt",
        before: twoRolls + [.crash(CrashPlan(crash: .kill, seed: CrashPlan.plainSeed), after: 0)],
        [.open, small]),
    ]
  }

  @Test(arguments: passages)
  func noCrashPointLosesWhatItMustNot(_ passage: Passage) throws {
    let count = try Self.mutationCount(of: passage)
    #expect(count > 5)
    for point in 0..<count {
      for plan in Self.plans(at: point) {
        let simulation = Simulation(passage.settings, seed: plan.seed)
        do {
          for step in passage.before { try simulation.perform(step) }
          simulation.stop(as: plan, after: point)
          for step in passage.steps { try simulation.perform(step) }
          try simulation.run([Self.large, Self.maintain, Self.large, Self.large, Self.maintain])
        } catch {
          Issue.record("\(plan) at \(point): \(SeedFailure(seed: 0, error: error, in: simulation))")
          return
        }
      }
    }
  }

  private static func plans(at point: Int) -> [CrashPlan] {
    [CrashPlan(crash: .kill, seed: UInt64(point))]
      + (0..<12).map { CrashPlan(crash: .power, seed: UInt64(point * 100 + $0)) }
  }

  private static func mutationCount(of passage: Passage) throws -> Int {
    let simulation = Simulation(passage.settings)
    for step in passage.before { try simulation.perform(step) }
    let before = simulation.fileSystem.mutationCount
    for step in passage.steps { try simulation.perform(step) }
    return simulation.fileSystem.mutationCount - before
  }
}
