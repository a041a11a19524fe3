import Testing

@testable import VarveFormat

extension RecordBatch {
  /// A batch of these records.
  static func of(
    _ records: [Record], _ options: BatchOptions = BatchOptions()
  ) throws -> RecordBatch {
    var builder = try RecordBatchBuilder(options)
    for record in records { try builder.append(record) }
    guard let batch = builder.finish() else { throw NoRecords() }
    return batch
  }

  /// A batch of two small records with a key, a value and a header each.
  static func small(_ options: BatchOptions = BatchOptions()) throws -> RecordBatch {
    try of(
      (0..<2).map { index in
        Record(
          key: "key \(index)", value: "value \(index)",
          headers: [RecordHeader(key: "h", value: "\(index)")],
          timestamp: Timestamp(milliseconds: 1000 + Int64(index)))
      }, options)
  }

  var array: [UInt8] { Array(bytes) }

  struct NoRecords: Error {}
}

extension [UInt8] {
  /// The bytes of a batch with some of them replaced and the checksum made right again.
  func replacing(_ position: Int, with bytes: [UInt8], resealed: Bool = true) -> [UInt8] {
    var copy = self
    copy.replaceSubrange(position..<position + bytes.count, with: bytes)
    return resealed ? copy.resealed() : copy
  }

  /// The bytes of a batch, with a checksum that is right.
  func resealed() -> [UInt8] {
    var copy = self
    let checksum = crc(self[BatchHeader.checksummedFrom...])
    copy.replaceSubrange(
      BatchHeader.Field.checksum..<BatchHeader.Field.checksum + 4, with: bigEndian(checksum))
    return copy
  }

  /// A batch whose records are these bytes, in place of its own.
  func withRecords(_ records: [UInt8], count: Int32? = nil) -> [UInt8] {
    var copy = Array(self[..<BatchHeader.Field.records]) + records
    let length = Int32(copy.count - FormatLimits.batchPrefixByteCount)
    copy.replaceSubrange(
      BatchHeader.Field.batchLength..<BatchHeader.Field.leaderEpoch, with: bigEndian(length))
    if let count {
      copy.replaceSubrange(
        BatchHeader.Field.recordCount..<BatchHeader.Field.records, with: bigEndian(count))
    }
    return copy.resealed()
  }
}

/// A function of its own, because a span must not outlive the slice that it is of.
func crc(_ bytes: ArraySlice<UInt8>, continuing checksum: UInt32 = 0) -> UInt32 {
  CRC32C.checksum(of: bytes.span.bytes, continuing: checksum)
}

func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.bigEndian) { Array($0) }
}

/// The error that `body` throws, if it throws one.
func error<T>(_ body: () throws -> T) -> LogError? {
  do {
    _ = try body()
    return nil
  } catch let error as LogError {
    return error
  } catch {
    Issue.record("not a LogError: \(error)")
    return nil
  }
}
