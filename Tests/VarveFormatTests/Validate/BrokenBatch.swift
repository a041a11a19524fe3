@testable import VarveFormat

/// Bytes that break one rule, and where that must be found.
struct BrokenBatch {
  var bytes: [UInt8]
  var origin = BatchOrigin.log
  var byte: Int
  var record: Int?

  /// The smallest batch that breaks the rule, made from a good one; nil for rules that are not
  /// about a single batch.
  init?(_ rule: FormatRule) throws {
    typealias Field = BatchHeader.Field
    let good = try RecordBatch.small().array
    let records = Field.records
    // Two records of 25 bytes each: length, attributes, time, offset, key (1 + 5), value (1 + 7),
    // count of headers, and one header (1 + 1, 1 + 1).
    let second = records + (good.count - records) / 2

    switch rule {
    case .batchIsComplete: self.init(Array(good.dropLast()), at: 0)
    case .batchLength:
      self.init(good.replacing(Field.batchLength, with: bigEndian(Int32(48))), at: 8)
    case .magic: self.init(good.replacing(Field.magic, with: [3]), at: 16)
    case .checksum:
      self.init(good.replacing(good.count - 1, with: [0xff], resealed: false), at: 17)
    case .baseOffset:
      self.init(good.replacing(Field.baseOffset, with: bigEndian(Int64.max - 1)), at: 0)
    case .lastOffsetDelta:
      self.init(good.replacing(Field.lastOffsetDelta, with: bigEndian(Int32(-1))), at: 23)
    case .recordCount:
      self.init(good.replacing(Field.recordCount, with: bigEndian(Int32(3))), at: 57)
    case .codec: self.init(good.replacing(Field.attributes + 1, with: [5]), at: 21)
    case .controlBatchIsPlain:
      self.init(good.replacing(Field.attributes + 1, with: [0x21]), at: 21)
    case .compressedStream:
      // Without the codec, its streams are neither right nor wrong.
      guard CompressionCodec.snappy.isBuiltIn else { return nil }
      self.init(
        good.replacing(Field.attributes + 1, with: [CompressionCodec.snappy.rawValue])
          .withRecords(XerialStream.header + [0, 0, 0, 9, 1]), .producer, at: records + 16)

    case .recordIsComplete:
      self.init(
        good.withRecords(Array(good[records..<second])), at: second, record: 1)
    case .recordLength: self.init(good.replacing(second, with: [0x01]), at: second, record: 1)
    case .varint:
      // The record ends within its timestamp.
      self.init(good.withRecords([4, 0, 0x80], count: 1), at: records + 3, record: 0)
    case .keyLength:
      self.init(good.replacing(second + 4, with: [126]), at: second + 5, record: 1)
    case .valueLength:
      self.init(good.replacing(second + 10, with: [126]), at: second + 11, record: 1)
    case .headerCount:
      self.init(good.replacing(second + 18, with: [126]), at: second + 19, record: 1)
    case .headerKeyLength:
      self.init(good.replacing(second + 19, with: [1]), at: second + 20, record: 1)
    case .headerValueLength:
      self.init(good.replacing(second + 21, with: [126]), at: second + 22, record: 1)
    case .recordIsFilled:
      self.init(good.replacing(second + 21, with: [0]), at: second + 22, record: 1)
    case .batchIsFilled:
      self.init(good.withRecords(Array(good[records...]) + [0]), at: good.count)
    case .offsetDelta: self.init(good.replacing(second + 3, with: [0]), at: second, record: 1)

    case .producedBaseOffset:
      self.init(good.replacing(Field.baseOffset, with: bigEndian(Int64(7))), .producer, at: 0)
    case .producedRecordCount:
      self.init(
        good.replacing(Field.lastOffsetDelta, with: bigEndian(Int32(2))), .producer, at: 57)
    case .producedOffsetDelta:
      self.init(good.replacing(second + 3, with: [0]), .producer, at: second, record: 1)
    case .producedControl:
      self.init(good.replacing(Field.attributes + 1, with: [0x20]), .producer, at: 21)
    case .producedDeleteHorizon:
      self.init(good.replacing(Field.attributes + 1, with: [0x40]), .producer, at: 21)
    case .producedTimestamp:
      self.init(
        good.replacing(Field.baseTimestamp, with: bigEndian(Int64(-2))), .producer, at: 27)
    case .producer:
      self.init(
        good.replacing(Field.producerID, with: bigEndian(Int64(9))), .producer, at: 51)
    case .transactional:
      self.init(good.replacing(Field.attributes + 1, with: [0x10]), .producer, at: 21)

    case .controlKey, .endTransactionValue, .offsetsIncrease, .offsetsAreContiguous,
      .leaderEpochsIncrease, .indexLength, .indexOrder, .indexRange, .fileVersion,
      .snapshotIsComplete, .snapshotChecksum, .snapshotIsFilled, .checkpointLine, .checkpointCount,
      .lineLength, .partitionMetadata, .uniqueID, .propertyEscape, .metaProperty,
      .messageIsComplete, .messageLength, .messageChecksum, .messageCodec, .messageOffset,
      .messageSet:
      return nil
    }
  }

  private init(
    _ bytes: [UInt8], _ origin: BatchOrigin = .log, at byte: Int, record: Int? = nil
  ) {
    self.bytes = bytes
    self.origin = origin
    self.byte = byte
    self.record = record
  }
}
