internal import Synchronization
internal import VarveSystem

/// What a segment has open and in memory, and may be without: its file and its indexes.
///
/// An object of its own, which the cache holds: a weak reference to the segment would make each
/// retain of it slow for ever.
final class SegmentParts: Sendable {
  private struct State {
    var file: OpenFile?
    var index: IndexMemory?
    /// Whether both must stay: the segment is being written.
    var isActive: Bool
  }

  private let state: Lock<State>
  private let mark = Atomic<Bool>(true)

  init(file: OpenFile?, index: IndexMemory?, isActive: Bool) {
    state = Lock(State(file: file, index: index, isActive: isActive))
  }

  /// Takes away the mark that something was used; true if it was there.
  func unmark() -> Bool { mark.exchange(false, ordering: .relaxed) }

  var file: OpenFile? {
    mark.store(true, ordering: .relaxed)
    return state.withLock { $0.file }
  }

  var index: IndexMemory? {
    mark.store(true, ordering: .relaxed)
    return state.withLock { $0.index }
  }

  /// Takes a file that was opened; whoever came first wins.
  func adopt(_ file: OpenFile) -> (OpenFile, isNew: Bool) {
    state.withLock { state in
      if let other = state.file { return (other, false) }
      state.file = file
      return (file, true)
    }
  }

  /// Takes indexes that were read or built; whoever came first wins.
  func adopt(_ index: IndexMemory) -> (IndexMemory, isNew: Bool) {
    state.withLock { state in
      if let other = state.index { return (other, false) }
      state.index = index
      return (index, true)
    }
  }

  /// Takes indexes in place of those that are there.
  func replaceIndex(_ index: IndexMemory) { state.withLock { $0.index = index } }

  /// Takes another file in place of the one that is there, or none.
  func replaceFile(_ file: OpenFile?) { state.withLock { $0.file = file } }

  var isActive: Bool { state.withLock { $0.isActive } }

  /// From now on they may be let go.
  func didSeal() { state.withLock { $0.isActive = false } }

  /// What was let go of, to be given back where that may take time.
  enum Released {
    case file(OpenFile?)
    case index(IndexMemory?)
  }

  /// Lets go of the file; nil where it must stay.
  func releaseFile() -> Released? {
    state.withLock { state in state.isActive ? nil : .file(state.file.take()) }
  }

  /// Lets go of the indexes; nil where they must stay.
  func releaseIndex() -> Released? {
    state.withLock { state in state.isActive ? nil : .index(state.index.take()) }
  }
}
