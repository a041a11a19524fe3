import Testing
import VarveTesting

/// A short program, which is tried with a crash at each of its operations.
struct Passage: Sendable, CustomTestStringConvertible {
  let name: String
  let settings: Settings
  /// What leads up to it, in which no crash comes.
  var before: [Step] = []
  let steps: [Step]
  /// What its steps come to, where its name alone might promise too much.
  var shows: NamedState?

  var testDescription: String { "\(name), \(settings.writer)" }

  /// So few operations make no passage.
  static let leastMutationCount = 3
}

extension Passage {
  /// Where a crash broke a property; nil if nowhere.
  func firstFailure() throws -> String? {
    for point in stride(from: 0, to: try mutationCount, by: Extent.stride) {
      for plan in Self.plans(at: point) {
        let simulation = Simulation(settings, seed: plan.seed)
        do {
          for step in before { try simulation.perform(step) }
          simulation.stop(as: plan, after: point)
          for step in steps { try simulation.perform(step) }
          try simulation.run([
            Self.large, Self.maintain, Self.large, .lookUp(seed: 1), Self.large, Self.maintain,
          ])
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
      + (0..<(Extent.isWhole ? 12 : 1)).map {
        CrashPlan(crash: .power, seed: UInt64(point * 100 + $0))
      }
  }

  /// Whether its steps come to what it is to show, where nothing goes wrong.
  var showsWhatItSays: Bool {
    get throws {
      let simulation = Simulation(settings)
      for step in before { try simulation.perform(step) }
      let count = simulation.coverage.counts
      for step in steps { try simulation.perform(step) }
      return shows.map { simulation.coverage.counts[$0] != count[$0] } ?? true
    }
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
