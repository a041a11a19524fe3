import Varve

/// The first record at or after a time, found as Kafka finds it: the first segment that is new
/// enough, the time index, the offset index, headers, and then records.
struct TimeSearch {
  struct Answer {
    let timestamp: Timestamp
    let offset: Offset
    let leaderEpoch: LeaderEpoch
    /// Whether the record was read; where a codec is not built in, Kafka's own lines say what is
    /// inside.
    let wasReadInside: Bool
  }

  let partition: PartitionFixture

  init(_ partition: PartitionFixture) { self.partition = partition }

  func first(atOrAfter target: Timestamp) throws -> Answer? {
    for segment in partition.segments {
      let bytes = segment.timeIndex
      let times = TimeIndexView(bytes.span.bytes, baseOffset: segment.baseOffset)
      // At rest the last entry is the segment's greatest time.
      guard let newest = times.last, newest.timestamp >= target else { continue }
      if let answer = try first(atOrAfter: target, in: segment, times) { return answer }
    }
    return nil
  }

  private func first(
    atOrAfter target: Timestamp, in segment: SegmentFixture, _ times: TimeIndexView
  ) throws -> Answer? {
    let bytes = segment.offsetIndex
    let offsets = OffsetIndexView(bytes.span.bytes, baseOffset: segment.baseOffset)
    let from = times.floor(of: target)?.offset ?? segment.baseOffset
    var walk = BatchWalk(segment.log.span.bytes, from: offsets.floor(of: from)?.position ?? 0)
    while let batch = try walk.next() {
      guard batch.header.maxTimestamp >= target else { continue }
      if let answer = try first(atOrAfter: target, in: batch) { return answer }
    }
    return nil
  }

  private func first(atOrAfter target: Timestamp, in batch: BatchView) throws -> Answer? {
    let header = batch.header
    guard header.codec.isBuiltIn else {
      return partition.recordsOfBatch[header.baseOffset.rawValue]?
        .first { $0.timestamp >= target.rawValue }
        .map { line in
          Answer(
            timestamp: Timestamp(milliseconds: line.timestamp),
            offset: Offset(rawValue: line.offset), leaderEpoch: header.leaderEpoch,
            wasReadInside: false)
        }
    }
    var records = try batch.records.makeIterator()
    while let record = records.next() {
      guard record.timestamp >= target else { continue }
      return Answer(
        timestamp: record.timestamp, offset: record.offset, leaderEpoch: header.leaderEpoch,
        wasReadInside: true)
    }
    return nil
  }
}
