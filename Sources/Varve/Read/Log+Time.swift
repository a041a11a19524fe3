internal import VarveSystem

/// A record's place and time.
public struct TimestampedOffset: Hashable, Sendable {
  /// Where it is.
  public let offset: Offset
  /// When it was made.
  public let timestamp: Timestamp
}

extension Log {
  /// The first record of a time or a later one; nil if there is none.
  public func firstOffset(at timestamp: Timestamp) async throws(LogError) -> TimestampedOffset? {
    try await runtime.workers.run { () throws(LogError) in try self.find(timestamp) }
  }

  /// The first record of a time or a later one, for threads that may wait for a device.
  @available(*, noasync, message: "a look-up may wait for the device; use the async form")
  public func firstOffset(at timestamp: Timestamp) throws(LogError) -> TimestampedOffset? {
    try find(timestamp)
  }

  func find(_ timestamp: Timestamp) throws(LogError) -> TimestampedOffset? {
    let view = table.current
    for segment in view.segments {
      guard try maxTimestamp(of: segment) >= timestamp else { continue }
      if let found = try find(timestamp, in: segment, from: view.startOffset) { return found }
    }
    return nil
  }

  private func maxTimestamp(of segment: SegmentFile) throws(LogError) -> Timestamp {
    if let known = segment.knownMaxTimestamp { return known }
    _ = try index(of: segment)
    return segment.published.maxTimestamp
  }

  private func find(
    _ timestamp: Timestamp, in segment: SegmentFile, from start: Offset
  ) throws(LogError) -> TimestampedOffset? {
    var from = start
    // Nearly always the first batch has such a record: its header says so.
    while var walk = try search(
      segment, for: .timestamp(timestamp, from: from), limit: segment.published.position)
    {
      try walk.loadBatch()
      if let found = try walk.batch.firstRecord(at: timestamp, from: from) { return found }
      from = walk.batch.header.nextOffset
    }
    return nil
  }
}

extension BatchView {
  fileprivate func firstRecord(
    at timestamp: Timestamp, from start: Offset
  ) throws(LogError) -> TimestampedOffset? {
    try checkIntegrity()
    var records = try records.makeIterator()
    while let record = records.next() {
      if record.timestamp >= timestamp, record.offset >= start {
        return TimestampedOffset(offset: record.offset, timestamp: record.timestamp)
      }
    }
    return nil
  }
}
