import VarveSystem
import VarveTesting

@testable import Varve

/// A place of the engine's from which something is synced, by what it is part of.
enum SyncSite: String, CaseIterable, Sendable {
  case committedBytes = "committing: the bytes of the segment that is written"

  case sealedBytes = "sealing: the segment's bytes"
  case sealedOffsetIndex = "sealing: the offset index"
  case sealedTimeIndex = "sealing: the time index"
  case sealedTransactions = "sealing: the transaction index"
  case sealedSnapshot = "sealing: the snapshot of producers"
  case sealedNames = "sealing: the names"
  case sealedNote = "sealing: the side file"

  case lateBytes = "sealing late: the segment's bytes"
  case lateOffsetIndex = "sealing late: the offset index"
  case lateTimeIndex = "sealing late: the time index"
  case lateTransactions = "sealing late: the transaction index"
  case lateSnapshot = "sealing late: the snapshot of producers"
  case lateNames = "sealing late: the names"
  case lateNote = "sealing late: the side file"

  case closedBytes = "closing: the segment's bytes"
  case closedOffsetIndex = "closing: the offset index"
  case closedTimeIndex = "closing: the time index"
  case closedTransactions = "closing: the transaction index"
  case closedSnapshot = "closing: the snapshot of producers"
  case closedNames = "closing: the names"
  case closedNote = "closing: the side file"

  case copiedBytes = "opening: what the device holds"
  case copiedNames = "opening: the names of what the device holds"
  case openedBytes = "opening: the bytes that are kept"
  case openedOffsetIndex = "opening: the offset index"
  case openedTimeIndex = "opening: the time index"
  case openedTransactions = "opening: the transaction index"
  case openedSnapshot = "opening: the snapshot of producers"
  case removedNames = "opening: the names of what is removed behind a cut"
  case openedNames = "opening: the names"
  case namesAbove = "opening: the names above a new log"
  case openedNote = "opening: the side file"

  case cutBytes = "cutting: what is kept of a segment"
  case cutBeginning = "cutting: the name of what is kept"
  case cutNote = "cutting: the side file, before"
  case cutNames = "cutting: the names"
  case cutEnd = "cutting: the side file, behind"

  case startNote = "deleting: the side file"

  case poisonNote = "a failed sync: the side file"
  case failedOpeningNote = "a failed sync in opening: the side file"
  case rebuiltOffsetIndex = "a wrong index: the offset index"
  case rebuiltTimeIndex = "a wrong index: the time index"
}

/// What a log is about, as far as one must know to tell its syncs apart.
struct SealingState {
  var isPoisoned = false
  /// Whether a segment waits that got its final form without syncs.
  var isLate = false
  /// Whether a full segment waits for its final form.
  var isSealing = false
  /// Whether the log has not said yet that it is open.
  var holdsBack = false
}

extension Log {
  var sealingState: SealingState {
    SealingState(
      isPoisoned: tail.withLock { $0.refusal?.code == .poisoned },
      isLate: unsyncedSeals.withLock { !$0.isEmpty }, isSealing: !sealQueue.isEmpty,
      holdsBack: sideFile?.holdsBack == true)
  }
}

/// The operations before a sync, as far as they tell what it is part of.
struct SyncContext {
  var previous: (call: SystemCall, path: String)?
  var lastSync: SystemCall?
  /// Whether a segment was unlinked since a directory was synced.
  var hasRemovedSegment = false
  /// Whether what is kept of a segment that is cut lies beside it; whether the side file says so, and
  /// it is not done.
  var isCutPrepared = false
  var isCutting = false

  /// Whether a sync is one of a file that is written whole, or of its name.
  func isOfSmallFile(_ call: SystemCall, _ path: String) -> Bool {
    if call == .syncData { return path.hasSuffix(".tmp") }
    return previous.map { $0.call == .rename && $0.path.hasSuffix(".tmp") } ?? false
  }

  mutating func note(_ call: SystemCall, _ path: String) {
    previous = (call, path)
    noteCut(call, path)
    switch call {
    case .syncData where !path.hasSuffix(".side"): lastSync = call
    case .syncDirectory: (lastSync, hasRemovedSegment) = (call, false)
    case .unlink where path.hasSuffix(".log"): hasRemovedSegment = true
    default: break
    }
  }
}

extension SyncContext {
  private mutating func noteCut(_ call: SystemCall, _ path: String) {
    switch call {
    case .syncData where path.hasSuffix(".log-new"): isCutPrepared = true
    case .rename where path.hasSuffix(".log-new"), .unlink where path.hasSuffix(".log-new"):
      isCutPrepared = false
    case .syncData where path.hasSuffix(".side"):
      (isCutting, isCutPrepared) = (isCutPrepared, false)
    default: break
    }
  }
}

extension SyncSite {
  /// The place of a sync by which the log is cut; nil for others that this needs before.
  init?(ofCut call: SystemCall, _ path: String, _ context: SyncContext) {
    switch call {
    case .syncData where path.hasSuffix(".log-new"): self = .cutBytes
    case .syncDirectory where context.isCutting: self = .cutNames
    case .syncDirectory where context.isCutPrepared: self = .cutBeginning
    case .syncData where path.hasSuffix(".side") && context.isCutting: self = .cutEnd
    case .syncData where path.hasSuffix(".side") && context.isCutPrepared: self = .cutNote
    default: return nil
    }
  }

  /// The place of the sync by which the log starts later; nil for others that this needs before.
  init?(ofDeletion call: SystemCall, _ path: String, _ state: SealingState) {
    guard call == .syncData, path.hasSuffix(".side"),
      !state.isSealing, !state.isLate, !state.isPoisoned
    else { return nil }
    self = .startNote
  }

  /// The place of a sync in opening.
  init(ofOpening call: SystemCall, _ path: String, _ context: SyncContext) {
    self =
      switch (call, path) {
      case (.syncDirectory, Simulation.directory):
        if let previous = context.previous, previous.call == .rename,
          previous.path.hasSuffix("-copy-new")
        {
          .copiedNames
        } else if context.hasRemovedSegment {
          .removedNames
        } else {
          .openedNames
        }
      case (.syncDirectory, _): .namesAbove
      case (_, let path) where path.hasSuffix(".side"):
        context.lastSync == .syncDirectory ? .openedNote : .failedOpeningNote
      case (_, let path) where path.hasSuffix(".index-new"): .openedOffsetIndex
      case (_, let path) where path.hasSuffix(".timeindex-new"): .openedTimeIndex
      case (_, let path) where path.hasSuffix(".txnindex-new"): .openedTransactions
      case (_, let path) where path.hasSuffix(".snapshot-new"): .openedSnapshot
      case (_, let path) where path.hasSuffix("-copy-new"): .copiedBytes
      default: .openedBytes
      }
  }

  /// The place of a sync of a log that is open.
  init(of call: SystemCall, _ path: String, _ state: SealingState, isClosing: Bool) {
    let kind = Kind(call, path)
    if state.holdsBack, kind == .note {
      self = .openedNote
    } else if state.isPoisoned {
      self = .poisonNote
    } else if state.isLate {
      self = kind.ofSealingLate
    } else if state.isSealing {
      self = kind.ofSealing
    } else if isClosing {
      self = kind.ofClosing
    } else {
      self = kind.ofRest
    }
  }

  private enum Kind {
    case bytes, offsetIndex, timeIndex, transactions, snapshot, names, note

    init(_ call: SystemCall, _ path: String) {
      let suffixes: [(String, Kind)] = [
        (".side", .note), (".index-new", .offsetIndex), (".timeindex-new", .timeIndex),
        (".txnindex-new", .transactions), (".snapshot-new", .snapshot),
      ]
      self =
        call == .syncDirectory
        ? .names : suffixes.first { path.hasSuffix($0.0) }?.1 ?? .bytes
    }

    var ofSealing: SyncSite {
      switch self {
      case .bytes: .sealedBytes
      case .offsetIndex: .sealedOffsetIndex
      case .timeIndex: .sealedTimeIndex
      case .transactions: .sealedTransactions
      case .snapshot: .sealedSnapshot
      case .names: .sealedNames
      case .note: .sealedNote
      }
    }

    var ofSealingLate: SyncSite {
      switch self {
      case .bytes: .lateBytes
      case .offsetIndex: .lateOffsetIndex
      case .timeIndex: .lateTimeIndex
      case .transactions: .lateTransactions
      case .snapshot: .lateSnapshot
      case .names: .lateNames
      case .note: .lateNote
      }
    }

    var ofClosing: SyncSite {
      switch self {
      case .bytes: .closedBytes
      case .offsetIndex: .closedOffsetIndex
      case .timeIndex: .closedTimeIndex
      case .transactions: .closedTransactions
      case .snapshot: .closedSnapshot
      case .names: .closedNames
      case .note: .closedNote
      }
    }

    /// Where nothing gets its final form.
    var ofRest: SyncSite {
      switch self {
      case .bytes: .committedBytes
      case .offsetIndex: .rebuiltOffsetIndex
      case .timeIndex: .rebuiltTimeIndex
      default: ofSealing
      }
    }
  }
}
