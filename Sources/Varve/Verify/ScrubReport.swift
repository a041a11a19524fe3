/// What the scrubber found as it went through a log.
public struct ScrubReport: Hashable, Sendable {
  /// When it began.
  public let time: Timestamp
  /// Bytes that it went through.
  public internal(set) var byteCount = 0
  /// Segments that it went through.
  public internal(set) var segmentCount = 0
  /// Parts of these that are lost, also those that were known.
  public internal(set) var damage: [DamagedRange] = []
  /// What it met first with that kept it from a segment; it went on with the others.
  public internal(set) var failure: LogError?

  init(time: Timestamp) { self.time = time }
}

/// What is known of the scrubbing of a log. Under a lock of its own, which is held for a moment.
struct ScrubbingState: Sendable {
  var last: ScrubReport?
  var recurrence = Recurrence()
}
