import Testing
import Varve
import VarveTesting

/// The simulation's own test: the engine without one of its syncs, or with one made too late, is not the
/// engine any more, and the properties say so.
@Suite struct SyncMutationTests {
  /// Those that are missed soon, unless all are to be tried.
  private static let sites: [SyncSite] =
    Extent.isWhole ? SyncSite.missed : [.committedBytes, .copiedBytes, .rebuiltTimeIndex]

  @Test(arguments: sites)
  func whatIsLeftOutIsMissed(_ site: SyncSite) throws {
    #expect(try Self.firstFailure(of: SyncMutation(without: site)) != nil)
  }

  @Test(arguments: sites)
  func whatIsMadeTooLateIsMissed(_ site: SyncSite) throws {
    let mutation = try #require(SyncMutation(late: site))
    #expect(try Self.firstFailure(of: mutation) != nil)
  }

  /// In a store it is the first change that has a log say that it is open.
  @Test func whatSaysThatALogInAStoreIsOpenIsMissed() throws {
    let passages = Passage.inStore
    #expect(try Self.firstFailure(of: SyncMutation(without: .openedNote), in: passages) != nil)
    let late = try #require(SyncMutation(late: .openedNote))
    #expect(try Self.firstFailure(of: late, in: passages) != nil)
  }

  /// The list of those without a finder is whole: where one of them is missed, it has one.
  @Test(
    .enabled(if: Extent.isWhole), arguments: SyncSite.unmissed.sorted { $0.rawValue < $1.rawValue })
  func whatIsNotMissedIsNot(_ site: SyncSite) throws {
    #expect(try Self.firstFailure(of: SyncMutation(without: site)) == nil)
  }

  /// Nothing, all, all but one, and one alone, of twelve things; and others by chance.
  private static let imageCount = 64

  private static func firstFailure(
    of mutation: SyncMutation, in passages: [Passage] = Passage.all
  ) throws -> String? {
    for passage in passages where passage.settings.writer == .positional {
      var trial = ImageTrial(passage, mutation: mutation, limit: imageCount)
      if let failure = try trial.firstFailure() { return failure }
    }
    return nil
  }

  // MARK: Canaries

  /// What random programs alone must find.
  @Test(arguments: [
    SyncMutation("no sync of a segment", without: [.committedBytes, .sealedBytes, .closedBytes]),
    SyncMutation("no sync of a directory", without: [.sealedNames, .closedNames, .openedNames]),
    SyncMutation("no sync of a transaction index", withoutFilesNamed: ".txnindex-new"),
    SyncMutation("no sync of a snapshot of producers", withoutFilesNamed: ".snapshot-new"),
  ])
  func programsMissIt(_ mutation: SyncMutation) async {
    // It ends with the first one that fails, which is rarely far.
    let range = SeedRange(seeds: 1..<601)
    let outcome = await range.run(mutation, failureLimit: 1)
    #expect(!outcome.failures.isEmpty, "nothing failed in \(range.seeds)")
  }
}
