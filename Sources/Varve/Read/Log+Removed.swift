// Readers go on in a segment that is removed under them: its file is theirs. What they come to behind
// it depends on why it was removed.

extension Log {
  /// The segment behind one that a reader has come to the end of.
  func segment(
    behind segment: SegmentFile, readTo next: Offset
  ) throws(LogError) -> SegmentFile? {
    if case .cut(let end) = segment.removal { throw .cut(at: end, readTo: next) }
    return table.segment(after: segment.baseOffset)
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
