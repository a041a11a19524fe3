/// Whether appends call for a cleaning before its time: facts in, an answer out.
///
/// An interval says nothing of how fast a disk fills. So a log is cleaned, too, when what has come to it
/// since it was cleaned last is as much as half of what is left: the less there is, the sooner.
struct CleaningDemand: Hashable, Sendable {
  /// Bytes appended since the last cleaning began.
  var newByteCount: Int
  /// What is left of the disk; nil where that is not known.
  var freeByteCount: Int?
  /// What goes, goes by segments.
  var segmentByteCount: Int

  var isDue: Bool {
    guard let freeByteCount else { return false }
    return newByteCount >= max(segmentByteCount, freeByteCount / 2)
  }
}
