internal import VarveSystem

/// A record's place and time.
public struct TimestampedOffset: Hashable, Sendable {
  /// Where it is.
  public let offset: Offset
  /// When it was made.
  public let timestamp: Timestamp
  /// Under whom its batch was appended.
  public let leaderEpoch: LeaderEpoch

  init(offset: Offset, timestamp: Timestamp, leaderEpoch: LeaderEpoch = .none) {
    self.offset = offset
    self.timestamp = timestamp
    self.leaderEpoch = leaderEpoch
  }
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
    try lookingAgain { () throws(LogError) in try findOnce(timestamp) }
  }

  private func findOnce(_ timestamp: Timestamp) throws(LogError) -> TimestampedOffset? {
    let view = table.current
    for segment in view.segments {
      guard try maxTimestamp(of: segment) >= timestamp else { continue }
      if let found = try find(timestamp, in: segment, from: view.startOffset) { return found }
    }
    return nil
  }

  func maxTimestamp(of segment: SegmentFile) throws(LogError) -> Timestamp {
    if let known = segment.knownMaxTimestamp { return known }
    let found = try findMaxTimestamp(of: segment)
    segment.learn(maxTimestamp: found)
    return found
  }

  /// The greatest timestamp of a segment at rest. It is what its time index ends with, but of an
  /// index that ends too early a whole segment would seem to be old: so the batches from that entry
  /// on are looked at. Where times grow there are few.
  private func findMaxTimestamp(of segment: SegmentFile) throws(LogError) -> Timestamp {
    let index = try index(of: segment)
    let last = index.times.last
    // Of a segment that has lost something, this is what is known.
    guard segment.damage.isEmpty else { return last?.timestamp ?? .none }
    do throws(LogError) {
      let hint = last.map { SearchHint($0, in: index) } ?? SearchHint()
      let newest = try newestTimestamp(of: segment, from: hint)
      if newest == last?.timestamp ?? .none { return newest }
      throw LogError(
        .corrupt, "the time index ends with \(last?.timestamp ?? .none), not \(newest)")
    } catch {
      guard error.code == .corrupt else { throw error }
      do throws(LogError) {
        let newest = try newestTimestamp(of: segment, from: SearchHint())
        indexWasWrong(segment, error)
        return newest
      } catch {
        guard error.casts(doubtOn: segment) else { throw error }
        try examine(segment)
        guard !segment.damage.isEmpty else { throw error }
        return last?.timestamp ?? .none
      }
    }
  }

  func newestTimestamp(
    of segment: SegmentFile, from hint: SearchHint, behind start: Offset = 0
  ) throws(LogError) -> Timestamp {
    var walk = HeaderWalk(
      try open(segment), from: hint.entry?.position ?? 0, firstOffset: segment.baseOffset,
      limit: segment.published.position, readAhead: LogLimits.lookupByteCount, buffers: buffers)
    var newest = Timestamp.none
    var claim = hint.claim
    while try walk.advance() {
      guard let header = walk.header else { continue }
      try claim.check(header)
      if header.lastOffset >= start { newest = max(newest, header.maxTimestamp) }
    }
    return newest
  }

  func find(
    _ timestamp: Timestamp, in segment: SegmentFile, from start: Offset
  ) throws(LogError) -> TimestampedOffset? {
    var from = start
    // Nearly always the first batch has such a record: its header says so.
    while var walk = try search(
      segment, for: .timestamp(timestamp, from: from), limit: segment.published.position)
    {
      try walk.loadBatch()
      do throws(LogError) {
        if let found = try walk.batch.firstRecord(at: timestamp, from: from) { return found }
      } catch {
        let position = walk.position
        guard error.casts(doubtOn: segment),
          let lost = try damage(of: segment, at: position)
        else { throw error }
        from = max(from, lost.offsets.upperBound)
        continue
      }
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
        return TimestampedOffset(
          offset: record.offset, timestamp: record.timestamp, leaderEpoch: header.leaderEpoch)
      }
    }
    return nil
  }
}

/// What an entry of a time index says, until the batch has been met that it speaks of.
struct TimeClaim {
  private var entry: TimeIndexEntry?

  init(_ entry: TimeIndexEntry?) { self.entry = entry }

  /// Compares a batch on the way with the entry: up to its offset none is newer, and the first one
  /// as new holds that offset.
  mutating func check(_ header: BatchHeader) throws(LogError) {
    guard let entry else { return }
    if header.lastOffset < entry.offset {
      guard header.maxTimestamp >= entry.timestamp else { return }
    } else {
      self.entry = nil
      guard header.baseOffset > entry.offset || header.maxTimestamp != entry.timestamp else {
        return
      }
    }
    throw LogError(
      .corrupt,
      "the time index says \(entry.timestamp) up to \(entry.offset), and the batch at "
        + "\(header.baseOffset) says \(header.maxTimestamp)")
  }
}
