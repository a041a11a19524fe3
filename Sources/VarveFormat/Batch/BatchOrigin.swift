/// Where a batch comes from, and so which rules it must keep.
public enum BatchOrigin: Hashable, Sendable {
  /// A log, on disk or from a replica: whatever a log may hold, holes of compaction included.
  case log
  /// A producer: what it sends becomes part of the log, so it must say no more than a producer may.
  case producer
}
