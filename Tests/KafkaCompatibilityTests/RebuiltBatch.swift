import Varve

@testable import VarveFormat

/// A batch put together again from what was read of it.
///
/// What determines the bytes of an uncompressed batch: the fields of its header, except for
/// length, checksum and count, and each record's offset, time, key, value and headers. Varints
/// are written in their shortest form by Kafka and Varve alike.
///
/// Two things need a closer look:
/// - The base timestamp is the first record's, or the delete horizon. It has no option of its own.
/// - In a batch with an append time the deltas still count from the producer's times (or, after
///   compaction, from the append time), which no reader is shown. A stamp that makes it a
///   create-time batch shows them. What cannot be known again is the producer's own maximum: the
///   append time has replaced it.
struct RebuiltBatch {
  /// The batch with its producer's times.
  let produced: RecordBatch
  let header: BatchHeader

  init(_ batch: RecordBatch) throws {
    header = batch.header
    var produced = batch
    if header.timestampType == .appendTime {
      try produced.stamp(
        BatchStamp(time: .create(maximum: .none)))
    }
    self.produced = produced
  }

  private var appendTime: Timestamp? {
    header.timestampType == .appendTime ? header.maxTimestamp : nil
  }

  /// Through the builder alone, record by record.
  func built() throws -> RecordBatch {
    var builder = try RecordBatchBuilder(BatchOptions(rewriting: header))
    try produced.view.records.forEach { record throws(LogError) in
      try builder.append(copying: record, offset: record.offset)
    }
    return try builder.finish().required()
  }

  /// As a producer and a log do it together: the one builds, the other stamps.
  func stamped() throws -> RecordBatch {
    var options = BatchOptions(rewriting: header)
    options.appendTime = nil
    options.lastOffset = Offset(rawValue: Int64(header.lastOffsetDelta))
    options.baseOffset = 0
    options.leaderEpoch = .none
    var builder = try RecordBatchBuilder(options)
    for record in try produced.records() {
      let delta = record.offset.rawValue - header.baseOffset.rawValue
      try builder.append(Record(copying: record), offset: Offset(rawValue: delta))
    }
    var batch = try builder.finish().required()
    try batch.stamp(stamp)
    return batch
  }

  /// Into memory that was there already.
  func written() throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xa5, count: header.byteCount)
    var memory = bytes.mutableSpan
    var writer = try RecordBatchWriter(
      into: memory.mutableBytes, BatchOptions(rewriting: header))
    for record in try produced.records() {
      try writer.append(Record(copying: record), offset: record.offset)
    }
    let count = writer.finish()
    return Array(bytes.prefix(count))
  }

  /// A transaction's marker, from its meaning alone.
  func marker() throws -> RecordBatch {
    var marker: EndTransactionMarker?
    var timestamp = Timestamp.none
    try produced.view.records.forEach { record throws(LogError) in
      marker = try EndTransactionMarker(record)
      timestamp = record.timestamp
    }
    var batch = try RecordBatch(
      marker.required(), by: header.producer.required(), at: timestamp)
    try batch.stamp(stamp)
    return batch
  }

  private var stamp: BatchStamp {
    BatchStamp(
      baseOffset: header.baseOffset, leaderEpoch: header.leaderEpoch,
      time: appendTime.map { .append($0) } ?? .keep)
  }
}

extension BatchHeader {
  /// The header's own 61 bytes, which nothing public writes without records.
  var encoded: [UInt8] {
    var bytes = [UInt8](repeating: 0xa5, count: FormatLimits.batchHeaderByteCount)
    bytes.withUnsafeMutableBytes { memory in
      if let base = memory.baseAddress { store(to: base) }
    }
    return bytes
  }
}
