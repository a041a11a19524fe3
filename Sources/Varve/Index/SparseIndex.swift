/// The sparse index of a segment, as facts to look at: from which position on to look for an
/// offset or a time.
///
/// An index is a hint, here too: a look-up compares what it finds with the batch itself.
public struct SparseIndex: Sendable {
  private let segment: SegmentFile

  init(_ segment: SegmentFile) { self.segment = segment }
}

extension SparseIndex {
  /// How many entries there are to offsets. 0 also where the index has not been read yet.
  public var count: Int { segment.parts.index?.offsetCount ?? 0 }

  /// The last entry at or before an offset: its batch, or one behind it, holds the offset. Nil
  /// means that the search begins where the segment does.
  public func floor(of offset: Offset) -> OffsetIndexEntry? {
    guard let index = segment.parts.index else { return nil }
    return index.offsets.floor(of: offset)
  }

  /// The last entry at or before a time: no record up to its offset is newer. Nil means that the
  /// search begins where the segment does.
  public func floor(of timestamp: Timestamp) -> TimeIndexEntry? {
    guard let index = segment.parts.index else { return nil }
    return index.times.floor(of: timestamp)
  }
}
