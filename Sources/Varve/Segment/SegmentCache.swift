internal import VarveSystem

/// Bounds what sealed segments keep open and in memory: files and indexes.
///
/// A clock's hand goes round over those that have something; one that was used since it came by
/// last is passed over once.
final class SegmentCache: Sendable {
  fileprivate struct Entry {
    let parts: SegmentParts
    /// Bytes of indexes, or 0 for a file.
    let byteCount: Int
    var isFile: Bool { byteCount == 0 }
  }

  fileprivate struct State {
    var entries: [Entry] = []
    var hand = 0
    var byteCount = 0
    var fileCount = 0
  }

  private let byteLimit: Int
  let fileLimit: Int
  private let state = Lock(State())

  init(byteCount: Int, fileCount: Int) {
    byteLimit = byteCount
    fileLimit = fileCount
  }

  /// Takes note of indexes of so many bytes that have been read, or of a file that has just been
  /// opened (0), and lets others go for them.
  func didLoad(_ parts: SegmentParts, byteCount: Int) {
    // What is let go is given back outside the lock.
    var all: [(file: OpenFile?, index: IndexMemory?)] = []
    state.withLock { state in
      state.entries.append(Entry(parts: parts, byteCount: byteCount))
      state.byteCount += byteCount
      if byteCount == 0 { state.fileCount += 1 }
      while state.byteCount > byteLimit || state.fileCount > fileLimit,
        let victim = state.next(sparing: parts)
      {
        if let released = victim.release() { all.append(released) }
      }
    }
    _ = consume all
  }

  /// Lets go of what the segments of a log have, which is closed or has gone.
  func forget(_ segments: [SegmentFile]) {
    let gone = Set(segments.map { ObjectIdentifier($0.parts) })
    var all: [(file: OpenFile?, index: IndexMemory?)?] = []
    state.withLock { state in
      state.entries.removeAll { entry in
        guard gone.contains(ObjectIdentifier(entry.parts)) else { return false }
        all.append(entry.parts.release())
        state.byteCount -= entry.byteCount
        if entry.isFile { state.fileCount -= 1 }
        return true
      }
    }
    _ = consume all
  }

  /// How many files are open, and how many bytes of indexes are in memory.
  var usage: (fileCount: Int, byteCount: Int) {
    state.withLock { ($0.fileCount, $0.byteCount) }
  }
}

extension SegmentCache.State {
  /// The next one to let go, which is taken out; nil if there is none but the one to be spared.
  fileprivate mutating func next(sparing spared: SegmentParts) -> SegmentParts? {
    // Twice round at the most: once to take the marks away, once to find one without.
    for _ in 0..<entries.count * 2 where !entries.isEmpty {
      if hand >= entries.count { hand = 0 }
      let parts = entries[hand].parts
      if parts === spared || parts.unmark() {
        hand += 1
        continue
      }
      remove()
      return parts
    }
    return nil
  }

  private mutating func remove() {
    byteCount -= entries[hand].byteCount
    if entries[hand].isFile { fileCount -= 1 }
    entries.swapAt(hand, entries.count - 1)
    entries.removeLast()
  }
}
