/// Where in a log to read on.
struct Place: Sendable {
  var segment: SegmentFile
  /// Where a batch begins, or where the segment ends.
  var position: Int
  /// The first offset that is wanted; the batch there may begin before it.
  var offset: Offset
}
