/// What logs gave up because the disk of their store was low.
public struct EmergencyReport: Hashable, Sendable {
  /// When that was, by the store's clock.
  public let time: Timestamp
  /// How much was missing, the ballast included where it was given up.
  public let missingByteCount: Int
  /// The segments that are no log's any more, oldest first.
  public internal(set) var removed: [TopicPartition: [CleanerSegment]] = [:]
  /// The logs that could not give up what they were to, and why.
  public internal(set) var failures: [TopicPartition: LogError] = [:]

  init(time: Timestamp, missingByteCount: Int) {
    self.time = time
    self.missingByteCount = missingByteCount
  }

  /// Bytes of the segments that were removed.
  public var removedByteCount: Int {
    removed.values.reduce(0) { sum, segments in segments.reduce(sum) { $0 + $1.byteCount } }
  }

  /// How much of what was missing no log could give: somebody else has to make room.
  public var shortByteCount: Int { max(0, missingByteCount - removedByteCount) }
}
