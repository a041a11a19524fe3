import Testing
import VarveSystem
import VarveTesting

/// The simulation's own test: the engine with one of its syncs left out is not the engine any more,
/// and the properties say so.
@Suite struct SyncMutationTests {
  /// The one that no property can miss: nothing of the log's own bytes is ever synced: the canary.
  @Test func aLogThatSyncsNoBytesIsFound() async {
    await expectFound(
      SyncMutation("no sync of a segment", in: Phase.allCases, SilencedSyncs(.syncData, on: ".log"))
    )
  }

  @Test func aLogThatSyncsNoNamesIsFound() async {
    await expectFound(
      SyncMutation("no sync of a directory", in: Phase.allCases, SilencedSyncs(.syncDirectory)))
  }

  @Test(arguments: SyncMutation.needed)
  func whatIsLeftOutIsMissed(_ mutation: SyncMutation) async { await expectFound(mutation) }

  private func expectFound(
    _ mutation: SyncMutation, sourceLocation: SourceLocation = #_sourceLocation
  ) async {
    // It ends with the first one that fails, which is rarely far.
    let range = SeedRange(seeds: 1..<601)
    let outcome = await range.run(mutation, failureLimit: 1)
    #expect(
      !outcome.failures.isEmpty, "\(mutation.name): nothing failed in \(range.seeds)",
      sourceLocation: sourceLocation)
  }
}
