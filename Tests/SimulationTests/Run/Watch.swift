import Synchronization
import VarveSystem

/// What a process is about.
enum Phase: Sendable, CaseIterable {
  case opening, appending, maintaining, reading, closing
}

/// Watches the operations of a log, to know in the midst of what a crash came.
final class Watch: Sendable {
  private struct Operation {
    var call: SystemCall
    var path: String
    var phase: Phase
    var isOfSpare: Bool { path.contains("varve-spare") }
    /// What the device holds of a segment, on its way to take the segment's place.
    var isOfDeviceCopy: Bool {
      path.hasSuffix("-new") && (path.hasSuffix(".log-new") || isOfSpare)
    }
  }

  private struct State {
    var phase = Phase.reading
    var lastPhase = Phase.reading
    var last: Operation?
    var beforeLast: Operation?
    var found: Set<NamedState> = []
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

  func note(_ call: SystemCall, _ path: String) {
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
