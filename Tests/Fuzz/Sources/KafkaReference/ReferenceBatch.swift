/// A batch, read by the book: slowly, with nothing shared with the library, and every rule on its
/// own line. What the library says is compared with what this says.
package struct ReferenceBatch: Equatable {
  package var baseOffset: Int64 = 0
  package var batchLength: Int32 = 0
  package var leaderEpoch: Int32 = -1
  package var magic: Int8 = 2
  package var checksum: UInt32 = 0
  package var attributes: Int16 = 0
  package var lastOffsetDelta: Int32 = 0
  package var baseTimestamp: Int64 = -1
  package var maxTimestamp: Int64 = -1
  package var producerID: Int64 = -1
  package var producerEpoch: Int16 = -1
  package var baseSequence: Int32 = -1
  package var recordCount: Int32 = 0

  /// Where the checksum begins to cover the batch.
  package static let checksummedFrom = 21
  package static let headerByteCount = 61
  package static let prefixByteCount = 12

  package init() {}
}

// MARK: Reading

extension ReferenceBatch {
  /// Reads the fields, whatever they say; nil where they are not all there.
  package init?(fieldsOf bytes: [UInt8]) {
    guard bytes.count >= Self.headerByteCount else { return nil }
    var cursor = ByteCursor(bytes)
    baseOffset = cursor.bigEndian(Int64.self)!
    batchLength = cursor.bigEndian(Int32.self)!
    leaderEpoch = cursor.bigEndian(Int32.self)!
    magic = cursor.bigEndian(Int8.self)!
    checksum = cursor.bigEndian(UInt32.self)!
    attributes = cursor.bigEndian(Int16.self)!
    lastOffsetDelta = cursor.bigEndian(Int32.self)!
    baseTimestamp = cursor.bigEndian(Int64.self)!
    maxTimestamp = cursor.bigEndian(Int64.self)!
    producerID = cursor.bigEndian(Int64.self)!
    producerEpoch = cursor.bigEndian(Int16.self)!
    baseSequence = cursor.bigEndian(Int32.self)!
    recordCount = cursor.bigEndian(Int32.self)!
  }

  package var codec: Int16 { attributes & 0x07 }
  package var isAppendTime: Bool { attributes & 0x08 != 0 }
  package var isTransactional: Bool { attributes & 0x10 != 0 }
  package var isControl: Bool { attributes & 0x20 != 0 }
  package var hasDeleteHorizon: Bool { attributes & 0x40 != 0 }

  /// Whether the header can be read at all.
  package var isHeader: Bool {
    if magic != 2 { return false }
    if batchLength < 49 { return false }
    if lastOffsetDelta < 0 { return false }
    if baseOffset < 0 { return false }
    // The last offset must have a next one.
    let (last, overflows) = baseOffset.addingReportingOverflow(Int64(lastOffsetDelta))
    return !overflows && last < .max
  }

  /// Whether the header's fields agree with each other.
  package var isConsistent: Bool {
    if codec > 4 { return false }
    if isControl && codec != 0 { return false }
    if recordCount < 0 { return false }
    return Int64(recordCount) <= Int64(lastOffsetDelta) + 1
  }

  /// Whether the checksum is that of these bytes, which are the batch.
  package func isIntact(in bytes: [UInt8]) -> Bool {
    checksum == ReferenceCRC32C.checksum(of: bytes[Self.checksummedFrom...])
  }

  /// The records, uncompressed; nil where what is there are not the records of this header.
  package func records(in bytes: [UInt8]) -> [ReferenceRecord]? {
    let (records, isWhole) = Self.anyRecords(in: bytes)
    guard isWhole, codec == 0, Int64(records.count) == Int64(recordCount) else { return nil }
    var lowest: Int64 = 0
    for record in records {
      guard Int64(record.offsetDelta) >= lowest, record.offsetDelta <= lastOffsetDelta else {
        return nil
      }
      lowest = Int64(record.offsetDelta) + 1
    }
    return records
  }

  /// What looks like records behind the header, whatever the header says.
  package static func anyRecords(
    in bytes: [UInt8]
  ) -> (records: [ReferenceRecord], isWhole: Bool) {
    ReferenceRecord.sequence(in: Array(bytes[headerByteCount...]))
  }

  /// Whether a producer may send this, given that a log may hold it.
  package func isProduced(_ records: [ReferenceRecord]?) -> Bool {
    if baseOffset != 0 { return false }
    if recordCount < 1 { return false }
    if recordCount - 1 != lastOffsetDelta { return false }
    if isControl { return false }
    if hasDeleteHorizon { return false }
    if baseTimestamp < -1 || maxTimestamp < -1 { return false }
    if producerID < 0 && isTransactional { return false }
    if producerID >= 0 && (producerEpoch < 0 || baseSequence < 0) { return false }
    for (index, record) in (records ?? []).enumerated() {
      if Int(record.offsetDelta) != index { return false }
      // From -1 to the last time of all it is 2⁶³, so the sum wraps.
      if baseTimestamp &+ record.timestampDelta < -1 { return false }
    }
    return true
  }

  /// A record's time, as its readers see it.
  package func timestamp(of record: ReferenceRecord) -> Int64 {
    isAppendTime ? maxTimestamp : baseTimestamp &+ record.timestampDelta
  }
}

// MARK: Writing

extension ReferenceBatch {
  /// The batch's bytes; length, count and checksum are computed.
  package func encoded(_ records: [ReferenceRecord]) -> [UInt8] {
    let body = records.flatMap(\.encoded)
    var batch = self
    batch.batchLength = Int32(Self.headerByteCount - Self.prefixByteCount + body.count)
    batch.recordCount = Int32(records.count)
    var bytes = batch.fields + body
    batch.checksum = ReferenceCRC32C.checksum(of: bytes[Self.checksummedFrom...])
    bytes.replaceSubrange(..<Self.headerByteCount, with: batch.fields)
    return bytes
  }

  /// The header's bytes, as the fields are.
  package var fields: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(bigEndian: baseOffset)
    bytes.append(bigEndian: batchLength)
    bytes.append(bigEndian: leaderEpoch)
    bytes.append(bigEndian: magic)
    bytes.append(bigEndian: checksum)
    bytes.append(bigEndian: attributes)
    bytes.append(bigEndian: lastOffsetDelta)
    bytes.append(bigEndian: baseTimestamp)
    bytes.append(bigEndian: maxTimestamp)
    bytes.append(bigEndian: producerID)
    bytes.append(bigEndian: producerEpoch)
    bytes.append(bigEndian: baseSequence)
    bytes.append(bigEndian: recordCount)
    return bytes
  }
}
