internal import Synchronization
internal import VarveSystem

/// Bounds what sealed segments keep open and in memory: files and indexes.
///
/// A clock's hand goes round over those that have something; one that was used since it came by
/// last is passed over once.
final class SegmentCache: Sendable {
  fileprivate struct Entry {
    weak var segment: SegmentFile?
    let byteCount: Int
  }

  fileprivate struct State {
    var entries: [Entry] = []
    var hand = 0
    var byteCount = 0
  }

  private let byteLimit: Int
  private let fileLimit: Int
  private let state = Lock(State())

  init(byteCount: Int, fileCount: Int) {
    byteLimit = byteCount
    fileLimit = fileCount
  }

  /// Takes note of a segment that has just opened its file or read its indexes, and lets others go
  /// for it.
  func didLoad(_ segment: SegmentFile, byteCount: Int) {
    // What is let go is given back outside the lock.
    var released: [(file: OpenFile?, index: IndexMemory?)] = []
    state.withLock { state in
      state.entries.append(Entry(segment: segment, byteCount: byteCount))
      state.byteCount += byteCount
      while state.byteCount > byteLimit || state.entries.count > fileLimit,
        let victim = state.next(sparing: segment)
      {
        if let parts = victim.release() { released.append(parts) }
      }
    }
    _ = consume released
  }

  /// How many segments have something, and how many bytes of it are indexes.
  var usage: (segmentCount: Int, byteCount: Int) {
    state.withLock { ($0.entries.count, $0.byteCount) }
  }
}

extension SegmentCache.State {
  /// The next one to let go, which is taken out; nil if there is none but the one to be spared.
  fileprivate mutating func next(sparing spared: SegmentFile) -> SegmentFile? {
    // Twice round at the most: once to take the marks away, once to find one without.
    for _ in 0..<entries.count * 2 where !entries.isEmpty {
      if hand >= entries.count { hand = 0 }
      let entry = entries[hand]
      guard let segment = entry.segment else {
        remove()
        continue
      }
      if segment === spared || segment.wasUsed.exchange(false, ordering: .relaxed) {
        hand += 1
        continue
      }
      remove()
      return segment
    }
    return nil
  }

  private mutating func remove() {
    byteCount -= entries[hand].byteCount
    entries.swapAt(hand, entries.count - 1)
    entries.removeLast()
  }
}
