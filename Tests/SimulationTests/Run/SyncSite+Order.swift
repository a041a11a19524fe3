import VarveSystem
import VarveTesting

// What a sync must come before, at the latest, and which one nothing waits for.

extension SyncSite {
  /// Those that no property misses: the next opening does again what is lost without them.
  ///
  /// The side file is a cache, and what it does not say is looked at again. In opening the names are
  /// synced once more before anybody is served.
  static let unmissed: Set<SyncSite> = [
    .sealedNote, .lateNote, .closedNote, .poisonNote, .failedOpeningNote, .copiedNames,
    .removedNames, .cutEnd,
  ]

  static let missed = allCases.filter { !unmissed.contains($0) }

  /// Looks for the operation that the sync must come before: behind it, it is too late. Nil for a sync
  /// that nothing waits for.
  var deadline: SilencedSyncs.Choice? {
    switch self {
    // To acknowledge is no operation: whatever comes next comes behind it.
    case .committedBytes: { _, _ in true }
    case .sealedBytes, .sealedOffsetIndex, .sealedTimeIndex, .sealedTransactions,
      .sealedSnapshot, .sealedNames, .lateBytes, .lateOffsetIndex, .lateTimeIndex,
      .lateTransactions, .lateSnapshot, .lateNames, .openedBytes, .openedOffsetIndex,
      .openedTimeIndex, .openedTransactions, .openedSnapshot:
      { $0 == .syncData && $1.hasSuffix(".side") }
    // Closing ends with that.
    case .closedBytes, .closedOffsetIndex, .closedTimeIndex, .closedTransactions, .closedSnapshot,
      .closedNames:
      { $0 == .unlink && $1.hasSuffix(".lock") }
    case .cutBytes, .cutBeginning, .cutNames: { $0 == .syncData && $1.hasSuffix(".side") }
    case .cutNote: { $0 == .rename && $1.hasSuffix(".log-new") }
    case .startNote: { $0 == .unlink && $1.hasSuffix(".log") }
    case .copiedBytes, .rebuiltOffsetIndex, .rebuiltTimeIndex:
      { $0 == .rename && $1.hasSuffix("-new") }
    // What was found is found again, until something is acknowledged.
    case .openedNames: { $0 == .syncData && $1.hasSuffix(".log") }
    case .namesAbove: { $0 == .open && $1.contains("varve-spare") }
    case .openedNote: { $0 == .rename && $1.contains("varve-spare") }
    case .sealedNote, .lateNote, .closedNote, .poisonNote, .failedOpeningNote, .copiedNames,
      .removedNames, .cutEnd:
      nil
    }
  }
}
