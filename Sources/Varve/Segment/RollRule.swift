/// Why a log goes on in a new segment.
public enum RollReason: Hashable, Sendable {
  /// The next batch does not fit any more.
  case bytes
  /// The segment is old enough.
  case age
  /// One of its indexes is full.
  case index
  /// The next offset lies too far from the segment's base to be told in 31 bits.
  case offset
  /// A ``CleanerPolicy`` wants what is in the segment to go.
  case cleaning
  /// ``Log/roll()-8swb1`` was called.
  case request
}

/// When a log goes on in a new segment: Kafka's rules, as a function of facts.
struct RollRule: Hashable, Sendable {
  /// The most bytes of a segment.
  var segmentByteCount: Int
  /// The age of a segment in milliseconds, jitter taken off.
  var segmentAge: Int64
  /// The most entries of the two indexes. One of the time index is kept for its last entry.
  var offsetEntryLimit: Int
  var timeEntryLimit: Int

  /// What is known of the segment.
  struct Facts: Hashable, Sendable {
    var baseOffset: Int64
    var byteCount: Int
    /// The greatest timestamp of the first batch, if it has one.
    var firstTimestamp: Int64?
    /// When the segment was begun, by the wall clock.
    var created: Int64
    var offsetEntryCount: Int
    var timeEntryCount: Int
  }

  /// What is to be appended.
  struct Incoming: Hashable, Sendable {
    var byteCount: Int
    var lastOffset: Int64
    var timestamp: Int64
  }

  /// The reason for which the incoming batch begins a new segment; nil if it does not.
  func reason(_ segment: Facts, _ incoming: Incoming, now: Int64) -> RollReason? {
    guard segment.byteCount > 0 else { return isTooFar(segment, incoming) ? .offset : nil }
    if segment.byteCount > segmentByteCount - incoming.byteCount { return .bytes }
    if isTooFar(segment, incoming) { return .offset }
    if isFull(segment) { return .index }
    return isOld(segment, incoming.timestamp, now: now) ? .age : nil
  }

  /// Whether a segment to which nothing is appended has become too old.
  func isOld(_ segment: Facts, now: Int64) -> Bool {
    segment.byteCount > 0 && now &- segment.created > segmentAge
  }

  private func isTooFar(_ segment: Facts, _ incoming: Incoming) -> Bool {
    incoming.lastOffset &- segment.baseOffset > LogLimits.maximumRelativeOffset
  }

  /// Whether an index has no room for what the next batch may add.
  func isFull(_ segment: Facts) -> Bool {
    segment.offsetEntryCount >= offsetEntryLimit || segment.timeEntryCount >= timeEntryLimit - 1
  }

  /// Records' own times decide, where they have any: a log that is filled from an archive rolls as
  /// it did when its records were made.
  private func isOld(_ segment: Facts, _ timestamp: Int64, now: Int64) -> Bool {
    guard let first = segment.firstTimestamp, first >= 0 else {
      return now &- segment.created > segmentAge
    }
    return timestamp > latest(after: first)
  }

  /// The latest time that a record of a segment may have whose first batch has this one.
  func latest(after first: Int64) -> Int64 {
    let (sum, overflow) = first.addingReportingOverflow(segmentAge)
    return overflow ? .max : sum
  }
}
