/// An offset index, `<base offset>.index`.
public typealias OffsetIndexView = IndexView<OffsetIndexEntry>

extension OffsetIndexEntry: IndexEntry {
  /// Offsets and positions grow from entry to entry.
  public func follows(_ previous: OffsetIndexEntry) -> Bool {
    offset > previous.offset && position > previous.position
  }

  /// Neither number is negative.
  public func isInRange(baseOffset: Offset) -> Bool {
    offset.isIndexable(from: baseOffset) && position >= 0
  }
}

extension IndexView where Entry == OffsetIndexEntry {
  /// The last entry at or before `offset`: its batch, or one behind it, holds the offset. Nil means
  /// that the search begins where the segment does.
  public func floor(of offset: Offset) -> OffsetIndexEntry? { last { $0.offset <= offset } }

  /// The first entry at or behind a position: a bound for reading so many bytes.
  public func first(atOrAfterPosition position: Int) -> OffsetIndexEntry? {
    let index = prefixCount { $0.position < position }
    return index < count ? self[index] : nil
  }
}
