import Varve

/// A batch as a benchmark builds or reads it: so many records without keys, and with values of one
/// size.
struct BatchShape: Sendable {
  let valueSize: Int
  let recordCount: Int

  var name: String { "\(sizeName(valueSize))/\(recordCount)" }

  /// The batch itself.
  func batch(_ options: BatchOptions = BatchOptions()) throws -> RecordBatch {
    let value = filledBuffer(valueSize)
    defer { value.deallocate() }
    var builder = try RecordBatchBuilder(options, capacity: capacity)
    for index in 0..<recordCount {
      try builder.append(
        key: nil, value: UnsafeRawBufferPointer(value).bytes, timestamp: Self.time(index))
    }
    return builder.finish()!
  }

  /// Bytes of the batch.
  var byteCount: Int { try! batch().byteCount }

  /// Room for the batch, estimated as a user would.
  var capacity: Int {
    FormatLimits.batchHeaderByteCount
      + recordCount * (valueSize + FormatLimits.maximumRecordOverhead)
  }

  /// Records come a millisecond apart, so that their timestamps' deltas are not all 0.
  static func time(_ index: Int) -> Timestamp {
    Timestamp(milliseconds: 1_700_000_000_000 + Int64(index))
  }
}
