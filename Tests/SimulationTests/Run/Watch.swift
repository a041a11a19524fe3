import Synchronization
import VarveSystem

@testable import Varve

/// What a process is about.
enum Phase: Sendable, CaseIterable {
  case opening, appending, maintaining, reading, closing, truncating, deleting
}

/// Watches the operations of a log, to know in the midst of what a crash came.
final class Watch: Sendable {
  private struct Operation {
    var call: SystemCall
    var path: String
    var phase: Phase
    var isOfSpare: Bool { path.contains("varve-spare") }
    /// What the device holds of a segment, on its way to take the segment's place.
    var isOfDeviceCopy: Bool { path.hasSuffix("-copy-new") }
  }

  private struct State {
    var phase = Phase.reading
    var lastPhase = Phase.reading
    var last: Operation?
    var beforeLast: Operation?
    var found: Set<NamedState> = []
    /// Weak, for the log has the file system, and that has whoever watches it.
    weak var log: Log?
    var context = SyncContext()
    var site: SyncSite?
    var sites: [SyncSite: Int] = [:]
    var early: String?
  }

  private let state = Mutex(State())

  var phase: Phase {
    get { state.withLock { $0.phase } }
    set { state.withLock { $0.phase = newValue } }
  }

  /// What was last done.
  var lastPhase: Phase {
    get { state.withLock { $0.lastPhase } }
    set { state.withLock { $0.lastPhase = newValue } }
  }

  /// Which log is open.
  var log: Log? {
    get { state.withLock { $0.log } }
    set { state.withLock { $0.log = newValue } }
  }

  /// The place of the operation, if it is a sync.
  var site: SyncSite? { state.withLock { $0.site } }

  /// How often there were syncs, by their places.
  var sites: [SyncSite: Int] { state.withLock { $0.sites } }

  /// What was changed first of a log of which the device still said that it was closed, if anything was.
  var earlyChange: String? { state.withLock { $0.early } }

  func note(_ call: SystemCall, _ path: String) {
    noteSync(call, path)
    noteEarlyChange(call, path)
    state.withLock { state in
      let operation = Operation(call: call, path: path, phase: state.phase)
      state.beforeLast = state.last
      state.last = operation
      if operation.phase == .opening, call == .rename, operation.isOfDeviceCopy {
        state.found.insert(.copiedFromDevice)
        return
      }
      guard operation.isOfSpare else { return }
      switch (operation.phase, call) {
      case (.opening, .rename): state.found.insert(.spareAdopted)
      case (.opening, .unlink): state.found.insert(.spareRemoved)
      case (.maintaining, .unlink): state.found.insert(.parked)
      default: break
      }
    }
  }

  /// That a log is open is said, and that is on the device, before anything of it changes.
  private func noteEarlyChange(_ call: SystemCall, _ path: String) {
    let (phase, log) = state.withLock { ($0.phase, $0.log) }
    guard phase != .opening, log?.sideFile?.holdsBack == true else { return }
    let isOther = [".side", ".lock", ".holder"].contains { path.hasSuffix($0) }
    guard !isOther, path.hasPrefix(Simulation.directory + "/") else { return }
    state.withLock { $0.early = $0.early ?? "\(call) of \(path)" }
  }

  private func noteSync(_ call: SystemCall, _ path: String) {
    let (phase, log, context) = state.withLock { ($0.phase, $0.log, $0.context) }
    let site = Self.site(call, path, phase, log, context)
    state.withLock { state in
      state.site = site
      state.context.note(call, path)
      if let site { state.sites[site, default: 0] += 1 }
    }
  }

  private static func site(
    _ call: SystemCall, _ path: String, _ phase: Phase, _ log: Log?, _ context: SyncContext
  ) -> SyncSite? {
    guard call == .syncData || call == .syncDirectory else { return nil }
    // Of small files `SmallFileCutTests` knows.
    guard !context.isOfSmallFile(call, path) else { return nil }
    if phase == .truncating, let site = SyncSite(ofCut: call, path, context) { return site }
    guard phase != .opening, let log else { return SyncSite(ofOpening: call, path, context) }
    let state = log.sealingState
    if phase == .deleting, let site = SyncSite(ofDeletion: call, path, state) { return site }
    return SyncSite(of: call, path, state, isClosing: phase == .closing)
  }

  /// What the operations since this was asked last were part of.
  func take() -> Set<NamedState> {
    state.withLock { state in
      defer { state.found = [] }
      return state.found
    }
  }

  /// In the midst of what the world stopped: the last operation did not happen any more.
  var stoppedIn: Set<NamedState> {
    state.withLock { state in
      guard let last = state.last else { return [] }
      switch last.phase {
      case .opening: return [.crashInOpening]
      case .truncating: return [.crashInCut]
      case .deleting: return [.crashInDeletion]
      case .maintaining, .closing: break
      case .appending, .reading: return []
      }
      var found: Set<NamedState> = last.phase == .closing ? [.crashInClose] : []
      if last.path.hasSuffix("-new") || last.call == .rename {
        found.insert(.crashInRollBeforeRename)
      }
      if let before = state.beforeLast, before.call == .rename, before.isOfSpare {
        found.insert(.crashInRollAfterRename)
      }
      return found
    }
  }
}
