import Varve

/// What must lie at each offset of a log: it follows from the log's topic, which has another id each time that
/// it is made, from the partition and from the offset. So whoever reads can tell without having been told.
struct Content: Hashable, Sendable {
  let topicID: UniqueID
  let partition: TopicPartition

  /// Of logs that are compacted.
  static let keyCount: UInt64 = 97
  private static let largestByteCount: UInt64 = 1500

  private func dice(_ offset: Offset) -> UInt64 {
    var word = UInt64(truncatingIfNeeded: topicID.rawValue) ^ UInt64(partition.partition) << 48
    word = (word ^ UInt64(offset.rawValue)) &* 0x9e37_79b9_7f4a_7c15
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  func key(at offset: Offset) -> UInt64 { dice(offset) % Self.keyCount }

  func record(at offset: Offset) -> Record {
    let dice = dice(offset)
    let value =
      withUnsafeBytes(of: offset.rawValue.bigEndian) { Array($0) }
      + [UInt8](
        repeating: UInt8(truncatingIfNeeded: dice >> 8),
        count: Int(dice >> 16 % Self.largestByteCount))
    return Record(
      key: Array("\(key(at: offset))".utf8), value: value,
      timestamp: Timestamp(milliseconds: 1_700_000_000_000 + offset.rawValue))
  }

  func check(_ record: RecordView) throws {
    let (offset, found) = (record.offset, Record(copying: record))
    guard found == self.record(at: offset) else {
      throw Discrepancy("\(partition) holds at \(offset) what nobody put there")
    }
  }

  /// Checks a batch, and returns the offset behind it.
  func check(_ batch: RecordBatch) throws -> Offset {
    for record in try batch.records() { try check(record.view) }
    return batch.header.nextOffset
  }
}
