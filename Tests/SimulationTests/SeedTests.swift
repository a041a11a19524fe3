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
}
