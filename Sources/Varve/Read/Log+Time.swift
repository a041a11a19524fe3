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
    var claim = TimeClaim(last)
    var newest = Timestamp.none
    var isHinted = false
    _ = try search(segment, limit: segment.published.position) {
      _, stop, hinted throws(LogError) -> Bool? in
      if hinted { try claim.check(stop.header) }
      // A search without a hint begins anew.
      if isHinted, !hinted { newest = .none }
      isHinted = hinted
      newest = max(newest, stop.header.maxTimestamp)
      return nil
    } hint: { index in
      guard let last else { return nil }
      return index.offsets.floor(of: last.offset)
    }
    if newest != last?.timestamp ?? .none {
      indexWasWrong(
        segment,
        LogError(.corrupt, "the time index ends with \(last?.timestamp ?? .none), not \(newest)"))
    }
    return newest
  }

  private func find(
    _ timestamp: Timestamp, in segment: SegmentFile, from start: Offset
  ) throws(LogError) -> TimestampedOffset? {
    var claim = TimeClaim(nil)
    return try search(segment, limit: segment.published.position) {
      walk, stop, isHinted throws(LogError) in
      if isHinted { try claim.check(stop.header) }
      guard stop.header.maxTimestamp >= timestamp, stop.header.lastOffset >= start else {
        return nil
      }
      return try firstRecord(at: timestamp, from: start, &walk, stop, segment)
    } hint: { index in
      guard let entry = index.times.floor(of: timestamp) else { return nil }
      claim = TimeClaim(entry)
      return index.offsets.floor(of: entry.offset)
    }
  }

  private func firstRecord(
    at timestamp: Timestamp, from start: Offset, _ walk: inout HeaderWalk,
    _ stop: HeaderWalk.Stop, _ segment: SegmentFile
  ) throws(LogError) -> TimestampedOffset? {
    if try walk.load(stop) {
      return try walk.batch(at: stop).firstRecord(at: timestamp, from: start)
    }
    let storage = try read(stop, of: segment)
    let batch = RecordBatch(sharing: storage, from: 0, header: stop.header)
    return try batch.view.firstRecord(at: timestamp, from: start)
  }

  /// Reads a batch that is too large for a look-up's buffer.
  func read(_ stop: HeaderWalk.Stop, of segment: SegmentFile) throws(LogError) -> ByteStorage {
    let storage = ByteStorage(capacity: stop.header.byteCount)
    let file = try open(segment)
    do throws(SystemError) {
      let count = try unsafe file.read(into: storage.memory, at: stop.position)
      guard count == stop.header.byteCount else {
        throw SystemError(.read, .inputOutput)
      }
    } catch {
      throw LogError(error, "read a batch of \(stop.header.byteCount) bytes")
    }
    return storage
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

/// What an entry of a time index says, until the batch has been met that it speaks of.
private struct TimeClaim {
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
