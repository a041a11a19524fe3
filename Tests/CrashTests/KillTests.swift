import Foundation
import Testing
import Varve

@testable import crash_child

/// Processes that are killed while they append: what they have acknowledged is there again.
@Suite struct KillTests {
  @Test func whatWasAcknowledgedIsThere() async throws {
    let range = KillRange.ofEnvironment
    let outcome = try await range.run()
    print("seeds \(range.seeds), \(outcome.coverage)")
    for failure in outcome.failures { Issue.record("\(failure)") }
    guard outcome.failures.isEmpty else { return }
    #expect(outcome.coverage.kills == range.seeds.count)
    #expect(outcome.coverage.acknowledged > 0)
    if range.isBroad { #expect(outcome.coverage.missing(rare: range.isFull) == []) }
  }
}
