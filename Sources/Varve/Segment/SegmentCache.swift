internal import VarveSystem

/// Bounds what sealed segments keep open and in memory: files and indexes.
///
/// A clock's hand goes round over those that have something; one that was used since it came by
/// last is passed over once.
final class SegmentCache: Sendable {
  fileprivate struct Entry {
    let parts: SegmentParts
    let isFile: Bool
    /// Bytes of indexes.
    let byteCount: Int

    /// Lets go of what it stands for, and returns it; nil where that must stay.
    func release() -> SegmentParts.Released? { isFile ? parts.releaseFile() : parts.releaseIndex() }
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

  /// Takes note of a file that has just been opened, and lets others go for it.
  func didOpenFile(of parts: SegmentParts) {
    add(Entry(parts: parts, isFile: true, byteCount: 0))
  }

  /// Takes note of indexes of so many bytes that have been read, and lets others go for them.
  func didLoadIndex(of parts: SegmentParts, byteCount: Int) {
    add(Entry(parts: parts, isFile: false, byteCount: byteCount))
  }

  private func add(_ entry: Entry) {
    // What is let go is given back outside the lock.
    var all: [SegmentParts.Released] = []
    state.withLock { state in
      state.entries.append(entry)
      state.byteCount += entry.byteCount
      if entry.isFile { state.fileCount += 1 }
      while state.byteCount > byteLimit || state.fileCount > fileLimit,
        let victim = state.next(sparing: entry.parts)
      {
        if let released = victim.release() { all.append(released) }
      }
    }
    _ = consume all
  }

  /// Lets go of what the segments of a log have, which is closed or has gone.
  func forget(_ segments: [SegmentFile]) {
    let gone = Set(segments.map { ObjectIdentifier($0.parts) })
    var all: [SegmentParts.Released?] = []
    state.withLock { state in
      state.entries.removeAll { entry in
        guard gone.contains(ObjectIdentifier(entry.parts)) else { return false }
        all.append(entry.release())
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
  fileprivate mutating func next(sparing spared: SegmentParts) -> SegmentCache.Entry? {
    // Twice round at the most: once to take the marks away, once to find one without.
    for _ in 0..<entries.count * 2 where !entries.isEmpty {
      if hand >= entries.count { hand = 0 }
      let entry = entries[hand]
      if entry.parts === spared || entry.parts.unmark() {
        hand += 1
        continue
      }
      remove()
      return entry
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
