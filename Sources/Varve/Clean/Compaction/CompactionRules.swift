/// What compaction keeps: a function of facts, as Kafka has it.
struct CompactionRules: Sendable {
  /// When the cleaning began, by the log's clock.
  var now: Timestamp
  /// For how long a tombstone stays once it has been cleaned.
  var deleteRetention: Duration
  /// Records from here on stay: their keys are not looked at.
  var mapEnd: Offset
  /// What must be known of producers that may send more.
  var producers: [Int64: ProducerSnapshotEntry]

  /// What a batch may lose.
  struct BatchTerms: Hashable, Sendable {
    /// Whether its records go, whatever their keys are.
    var discardsRecords = false
    /// Whether it stays when none of its records does.
    var isKeptEmpty = false
    /// Whether nobody needs it, so that the time begins after which it goes.
    var needsHorizon = false
  }

  /// What becomes of a batch.
  ///
  /// - Parameters:
  ///   - isDiscardable: Whether its transaction came to nothing, or it is a marker of one of which
  ///     nothing is left.
  ///   - isLast: Whether the segment would end earlier without it.
  func terms(
    _ header: BatchHeader, isDiscardable: Bool, isLast: Bool
  ) -> BatchTerms {
    BatchTerms(
      discardsRecords: isDiscardable && (!header.isControl || hasPassed(header.deleteHorizon)),
      isKeptEmpty: isLast || isLastOfProducer(header),
      needsHorizon: isDiscardable && header.isControl)
  }

  /// Whether a record of a batch stays.
  ///
  /// - Parameter latest: The last offset of its key; nil where that was not met.
  func keeps(
    at offset: Offset, latest: Offset?, isTombstone: Bool, deleteHorizon: Timestamp?
  ) -> Bool {
    if let latest, offset < latest { return false }
    return !isTombstone || !hasPassed(deleteHorizon)
  }

  /// When the tombstones of a batch may go that has just been cleaned first.
  var newHorizon: Timestamp {
    let (seconds, attoseconds) = deleteRetention.components
    let milliseconds = seconds.multipliedReportingOverflow(by: 1000)
    guard !milliseconds.overflow else { return Timestamp(rawValue: .max) }
    let (sum, overflow) = now.rawValue.addingReportingOverflow(
      milliseconds.partialValue + attoseconds / 1_000_000_000_000_000)
    return Timestamp(rawValue: overflow ? .max : max(0, sum))
  }

  private func hasPassed(_ horizon: Timestamp?) -> Bool { horizon.map { $0 <= now } ?? false }

  /// Whether the batch says what a producer sent last: its numbers, or its life.
  private func isLastOfProducer(_ header: BatchHeader) -> Bool {
    guard let producer = header.producer, let known = producers[producer.id] else { return false }
    guard let last = known.lastBatch else {
      return header.isControl && header.producer?.epoch == known.producer.epoch
    }
    return header.lastOffset == last.lastOffset
  }
}
