/// What one compaction of a log did.
public struct CompactionReport: Hashable, Sendable {
  /// Up to where the log is compacted now. That is less than was planned where there are more keys than
  /// there is memory for: the next compaction goes on there.
  public internal(set) var end: Offset
  /// How many segments were gone through.
  public internal(set) var segmentCount = 0
  /// How many of them were replaced, and by how many.
  public internal(set) var replacedSegmentCount = 0
  /// How many segments took the place of others.
  public internal(set) var writtenSegmentCount = 0
  /// Bytes of all of them before, and after.
  public internal(set) var byteCountBefore = 0
  /// Bytes of all of them afterwards.
  public internal(set) var byteCountAfter = 0
  /// How many records are gone.
  public internal(set) var droppedRecordCount = 0
  /// How many of these had no key.
  public internal(set) var unkeyedRecordCount = 0

  init(end: Offset) { self.end = end }
}
