// Readers go on in a segment that is removed under them: its file is theirs. What they come to behind
// it depends on why it was removed.

extension Log {
  /// The segment behind one that a reader has come to the end of.
  func segment(
    behind segment: SegmentFile, readTo next: Offset
  ) throws(LogError) -> SegmentFile? {
    // Looked up first: what has come after a removed segment is seen no sooner than that it is removed.
    let found = table.segment(after: segment.baseOffset)
    if try hasMoved(segment, readTo: next) { throw .removedMeanwhile }
    guard let found else { return nil }
    guard segment.removal == nil || found.baseOffset <= segment.published.offset else {
      throw LogError(
        .trimmed,
        "what had been read up to \(next) goes on at \(found.baseOffset): the log starts later")
    }
    return found
  }

  /// Whether a reader is to look anew for where it goes on: the log was cut behind what it has read.
  func hasMoved(_ segment: SegmentFile, readTo next: Offset) throws(LogError) -> Bool {
    guard case .cut(let end) = segment.removal else { return false }
    guard next <= end else { throw .cut(at: end, readTo: next) }
    return true
  }
}

extension LogError {
  static func cut(at end: Offset, readTo next: Offset) -> LogError {
    LogError(.trimmed, "the log was cut at \(end), and had been read up to \(next)")
  }
}
