internal import VarveSystem

/// An offset, and under whom it was appended, or would be.
public struct OffsetInEpoch: Hashable, Sendable {
  /// The offset.
  public let offset: Offset
  /// The reign that it is in; nil where that is not known.
  public let leaderEpoch: LeaderEpoch?
}

// What a client asks for that looks for a place to read from.

extension Log {
  /// The first offset that is there, and its reign.
  public var earliestOffset: OffsetInEpoch {
    let start = start
    return OffsetInEpoch(offset: start, leaderEpoch: epoch(for: start))
  }

  /// The first offset that is not read, and the latest reign.
  public func latestOffset(_ isolation: ReadIsolation = .logEnd) -> OffsetInEpoch {
    OffsetInEpoch(offset: end(isolation), leaderEpoch: epochs.cache.latest?.epoch)
  }

  /// The first of the records with the greatest time; nil where no record has one.
  public func newestRecord() async throws(LogError) -> TimestampedOffset? {
    try await runtime.workers.run { () throws(LogError) in try self.findNewest() }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "a look-up may wait for the device; use the async form")
  public func newestRecord() throws(LogError) -> TimestampedOffset? { try findNewest() }

  func findNewest() throws(LogError) -> TimestampedOffset? {
    try lookingAgain { () throws(LogError) in try findNewestOnce() }
  }

  private func findNewestOnce() throws(LogError) -> TimestampedOffset? {
    let view = table.current
    var newest: TimestampedOffset?
    for segment in view.segments {
      let known = try maxTimestamp(of: segment)
      guard known > newest?.timestamp ?? .none else { continue }
      let found = try findFirst(at: known, in: segment, from: view.startOffset)
      if let found, found.timestamp > newest?.timestamp ?? .none { newest = found }
    }
    return newest
  }

  /// The first record of a segment with its greatest time. That may lie before the log's start: then
  /// what is behind that is looked at.
  private func findFirst(
    at known: Timestamp, in segment: SegmentFile, from start: Offset
  ) throws(LogError) -> TimestampedOffset? {
    if let found = try find(known, in: segment, from: start) { return found }
    guard segment.baseOffset < start else { return nil }
    let newest = try newestTimestamp(of: segment, from: SearchHint(), behind: start)
    return newest == .none ? nil : try find(newest, in: segment, from: start)
  }
}
