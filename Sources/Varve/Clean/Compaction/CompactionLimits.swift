/// What bounds a compaction.
struct CompactionLimits: Hashable, Sendable {
  /// How much memory there is for keys.
  var mapByteCount = LogLimits.offsetMapByteCount
  /// How many bytes a segment may have that is written; nil for as many as others of the log.
  var segmentByteCount: Int?
}
