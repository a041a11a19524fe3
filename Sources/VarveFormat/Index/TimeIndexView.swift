/// A time index, `<base offset>.timeindex`.
public typealias TimeIndexView = IndexView<TimeIndexEntry>

extension TimeIndexEntry: IndexEntry {
  /// Times grow from entry to entry, and offsets do not shrink.
  public func follows(_ previous: TimeIndexEntry) -> Bool {
    timestamp > previous.timestamp && offset >= previous.offset
  }

  /// Neither number is negative.
  public func isInRange(baseOffset: Offset) -> Bool {
    offset.isIndexable(from: baseOffset) && timestamp.rawValue >= 0
  }
}

extension IndexView where Entry == TimeIndexEntry {
  /// The last entry at or before `timestamp`: no record up to its offset is newer than its time.
  /// Nil means that the search begins where the segment does.
  public func floor(of timestamp: Timestamp) -> TimeIndexEntry? {
    last { $0.timestamp <= timestamp }
  }
}
