import Foundation
import Synchronization
import VarveTesting

/// Which seeds are run.
struct SeedRange: Sendable {
  var seeds: Range<UInt64>
  /// Whether the logs say late that they are open; nil where their seeds decide it.
  var saysOpenLate: Bool?

  /// So many are enough to expect every named state.
  static let broadCount = 500
  private static let defaultCount: UInt64 = 40

  /// `VARVE_SIM_SEED` for one, or `VARVE_SIM_SEEDS` from `VARVE_SIM_FIRST_SEED` on.
  static var ofEnvironment: SeedRange {
    if let seed = number("VARVE_SIM_SEED") { return SeedRange(seeds: seed..<seed + 1) }
    let first = number("VARVE_SIM_FIRST_SEED") ?? 1
    return SeedRange(seeds: first..<first + (number("VARVE_SIM_SEEDS") ?? defaultCount))
  }

  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
  }

  var isBroad: Bool { seeds.count >= Self.broadCount }

  struct Outcome: Sendable {
    var coverage = Coverage()
    var failures: [SeedFailure] = []

    /// One line, so that long runs can be added up over their parts.
    func summary(of range: SeedRange) -> String {
      "simulated seeds \(range.seeds.lowerBound)..<\(range.seeds.upperBound): "
        + "\(coverage.stepCounts.count) programs held, \(failures.count) failed, "
        + "\(coverage.stepCounts.reduce(0, +)) steps, \(coverage.rollCounts.reduce(0, +)) rolls"
    }
  }

  /// Runs all of them, on as many threads as there are processors, until some have failed.
  func run(_ mutation: SyncMutation? = nil, failureLimit: Int = 3) async -> Outcome {
    let tally = Tally(seeds, failureLimit: failureLimit)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
        group.addTask {
          while let seed = tally.next() { tally.note(run(seed, mutation)) }
        }
      }
    }
    return tally.outcome
  }

  private final class Tally: Sendable {
    private let rest: Mutex<Range<UInt64>>
    private let sum = Mutex(Outcome())
    private let failureLimit: Int

    init(_ seeds: Range<UInt64>, failureLimit: Int) {
      rest = Mutex(seeds)
      self.failureLimit = failureLimit
    }

    var outcome: Outcome { sum.withLock { $0 } }

    func next() -> UInt64? {
      guard outcome.failures.count < failureLimit else { return nil }
      return rest.withLock { $0.popFirst() }
    }

    func note(_ result: (coverage: Coverage, failure: SeedFailure?)) {
      sum.withLock { sum in
        sum.coverage.add(result.coverage)
        if let failure = result.failure { sum.failures.append(failure) }
      }
    }
  }

  /// Of one seed alone, all is told.
  private static let wholeTraceLimit = 1 << 20

  private func run(
    _ seed: UInt64, _ mutation: SyncMutation?
  ) -> (Coverage, SeedFailure?) {
    var program = Program(seed: seed)
    if let saysOpenLate { program.settings.saysOpenLate = saysOpenLate }
    let isAlone = seeds.count == 1
    let simulation = Simulation(
      program.settings, seed: seed, traceLimit: isAlone ? Self.wholeTraceLimit : 256,
      mutation: mutation)
    do {
      try simulation.run(program.steps)
      return (simulation.coverage, nil)
    } catch {
      return (
        simulation.coverage, SeedFailure(seed: seed, error: error, in: simulation, isWhole: isAlone)
      )
    }
  }
}
