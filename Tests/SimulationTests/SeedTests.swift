import Foundation
import Testing
import VarveTesting

/// Programs by the seed: what a log has acknowledged is there again, as far as it must be.
@Suite struct SeedTests {
  @Test func theProgramsOfManySeedsHold() async throws {
    let seeds = SeedRange.ofEnvironment
    let outcome = await seeds.run()
    print(outcome.coverage)
    print(outcome.summary(of: seeds))
    for failure in outcome.failures.prefix(3) { Issue.record("\(failure)") }
    #expect(outcome.failures.isEmpty, "seeds \(outcome.failures.map(\.seed))")
    #expect(outcome.coverage.forbidden.isEmpty)
    guard seeds.isBroad else { return }
    #expect(outcome.coverage.missing.isEmpty)
    #expect(outcome.coverage.medianStepCount >= 200)
    #expect(outcome.coverage.medianRollCount >= 3)
  }

  /// Each of them has found a fault: in what deletions know of producers, in cuts whose note a device
  /// did not take, in a file of leaders that lags behind, or cannot be read.
  @Test(arguments: [4507, 7100, 7434, 9129, 11335, 11989, 62890] as [UInt64], [false, true])
  func theProgramsThatFoundFaultsHold(_ seed: UInt64, saysOpenLate: Bool) async {
    let outcome = await SeedRange(seeds: seed..<seed + 1, saysOpenLate: saysOpenLate).run()
    #expect(outcome.failures.isEmpty, "\(outcome.failures)")
  }
}
