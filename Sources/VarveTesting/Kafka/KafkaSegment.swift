internal import VarveFormat

/// A segment as Kafka uses it: through its indexes, which it believes.
struct KafkaSegment {
  let baseOffset: Offset
  let log: [UInt8]
  let offsetIndex: [UInt8]
  let timeIndex: [UInt8]
  /// When the log was changed last.
  let modified: Timestamp

  typealias TimeEntry = (timestamp: Timestamp, offset: Offset)
}

// MARK: Indexes

extension KafkaSegment {
  private func offset(at entry: Int) -> Offset {
    baseOffset.advanced(by: Int(offsetIndex.bigEndian(at: entry * 8, as: Int32.self)))
  }

  private func time(at entry: Int) -> TimeEntry {
    (
      Timestamp(rawValue: timeIndex.bigEndian(at: entry * 12)),
      baseOffset.advanced(by: Int(timeIndex.bigEndian(at: entry * 12 + 8, as: Int32.self)))
    )
  }

  /// The last offset that the index knows of.
  private var lastIndexedOffset: Offset {
    offsetIndex.count >= 8 ? offset(at: offsetIndex.count / 8 - 1) : baseOffset
  }

  /// From where on to look for an offset.
  private func position(before target: Offset) -> Int {
    let search = KafkaIndexSearch(offsetIndex, entryByteCount: 8) { offset(at: $0).rawValue }
    guard let entry = search.floor(of: target.rawValue) else { return 0 }
    return Int(offsetIndex.bigEndian(at: entry * 8 + 4, as: Int32.self))
  }

  private func floor(of target: Timestamp) -> TimeEntry {
    let search = KafkaIndexSearch(timeIndex, entryByteCount: 12) { time(at: $0).timestamp.rawValue }
    return search.floor(of: target.rawValue).map(time(at:)) ?? (.none, baseOffset)
  }

  /// The greatest time, as Kafka believes: the last in the index, or else that of the file.
  var largestTimestamp: Timestamp {
    let last = timeIndex.count >= 12 ? time(at: timeIndex.count / 12 - 1).timestamp : .none
    return last.rawValue >= 0 ? last : modified
  }
}

// MARK: Look-ups

extension KafkaSegment {
  /// The first batch, from where the index points to, that ends at or behind `target`.
  func batch(holding target: Offset) throws(CorruptBatch) -> KafkaBatch? {
    var walk = KafkaBatchWalk(log, from: position(before: target))
    while let batch = try walk.next() {
      if batch.lastOffset >= target { return batch }
    }
    return nil
  }

  /// Where the segment ends: behind the last of the batches that follow the index's last entry.
  /// An index that knows of more than there is makes the segment look empty.
  var nextOffset: Offset {
    get throws(CorruptBatch) {
      guard let first = try batch(holding: lastIndexedOffset) else { return baseOffset }
      var last = first
      var walk = KafkaBatchWalk(log, from: first.position)
      while let batch = try walk.next() { last = batch }
      return last.nextOffset
    }
  }

  /// Hands over the batches that may have a record at or after a time, until `body` has an answer.
  func search<Answer, E: Error>(
    for target: Timestamp, from start: Offset,
    corrupt: (CorruptBatch) -> E, _ body: (KafkaBatch) throws(E) -> Answer?
  ) throws(E) -> Answer? {
    let entry = floor(of: target)
    var walk = KafkaBatchWalk(log, from: position(before: max(entry.offset, start)))
    while true {
      let next: KafkaBatch?
      do { next = try walk.next() } catch { throw corrupt(error) }
      guard let batch = next else { return nil }
      guard batch.maxTimestamp >= target, batch.lastOffset >= start else { continue }
      if let answer = try body(batch) { return answer }
    }
  }
}
