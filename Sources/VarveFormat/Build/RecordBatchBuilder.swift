/// Builds a batch, record by record, in memory of its own that grows as needed.
///
/// Nothing is allocated for a record, only when the memory grows; a good `capacity` makes that one
/// allocation a batch. To build without any there is ``RecordBatchWriter``.
public struct RecordBatchBuilder: ~Copyable {
  private var encoder: BatchEncoder
  private var storage: ByteStorage

  /// Room for a header and a few small records.
  public static let defaultCapacity = 1024

  /// Begins a batch.
  ///
  /// - Parameters:
  ///   - options: What the batch says of all its records.
  ///   - capacity: How many bytes to make room for at first.
  public init(
    _ options: BatchOptions = BatchOptions(), capacity: Int = defaultCapacity
  ) throws(LogError) {
    encoder = try BatchEncoder(options)
    storage = ByteStorage(
      capacity: min(
        max(capacity, FormatLimits.batchHeaderByteCount), FormatLimits.maximumBatchByteCount))
  }

  /// How many records there are so far.
  public var recordCount: Int { encoder.recordCount }

  /// Bytes of the batch so far, header included.
  public var byteCount: Int { encoder.byteCount }

  /// Appends a record.
  ///
  /// - Parameters:
  ///   - key: What the record is about, if anything.
  ///   - value: What the record says; nil makes it a tombstone.
  ///   - timestamp: When it was made.
  ///   - offset: Its offset; nil for the one behind the record before it.
  /// - Throws: ``LogError/Code/invalidArgument``; then the batch is as it was before.
  public mutating func append(
    key: RawSpan?, value: RawSpan?, timestamp: Timestamp = .none, offset: Offset? = nil
  ) throws(LogError) {
    try append(key, value, NoHeaders(), timestamp, offset)
  }

  /// Appends a record with headers.
  public mutating func append(
    key: RawSpan?, value: RawSpan?, headers: [RecordHeader], timestamp: Timestamp = .none,
    offset: Offset? = nil
  ) throws(LogError) {
    try append(key, value, headers, timestamp, offset)
  }

  /// Appends a record.
  public mutating func append(_ record: Record, offset: Offset? = nil) throws(LogError) {
    try append(
      record.key.span, record.value.span, record.headers, record.timestamp ?? .none, offset)
  }

  /// Appends a copy of another batch's record: its key, value, headers and time.
  ///
  /// - Parameters:
  ///   - record: What is copied.
  ///   - offset: Its offset here; nil for the one behind the record before it.
  public mutating func append(
    copying record: borrowing RecordView, offset: Offset? = nil
  ) throws(LogError) {
    try append(record.key, record.value, record.headers, record.timestamp, offset)
  }

  /// Completes the batch; nil if no record was appended, because then there is none.
  public consuming func finish() -> RecordBatch? {
    guard encoder.recordCount > 0 else { return nil }
    // SAFETY: the storage is as long as the encoder's bytes at least, and this its only owner.
    let header = unsafe encoder.finish(in: storage.base)
    return RecordBatch(storage: storage, header: header, hasCheckedRecords: true)
  }

  /// Completes the batch, its records compressed; nil if no record was appended.
  ///
  /// Control batches are not compressed: Kafka doesn't read such.
  ///
  /// - Throws: ``LogError/Code/invalidArgument`` where there are more bytes of records than readers
  ///   let come out of a batch, see ``Decompressor/defaultMaximumByteCount``.
  public consuming func finish(
    compressedBy compressor: inout Compressor
  ) throws(LogError) -> RecordBatch? {
    let header = encoder.finalHeader
    guard compressor.compresses(header) else { return finish() }
    // SAFETY: the encoder has written all bytes that it counted.
    let records = unsafe RawSpan(
      _unsafeStart: storage.base + BatchHeader.Field.records,
      byteCount: encoder.byteCount - BatchHeader.Field.records)
    let codec = compressor.compression.codec
    return try RecordBatch(header, codec, records: try compressor.compress(records))
  }
}

extension RecordBatchBuilder {
  @inline(__always)
  private mutating func append(
    _ key: RawSpan?, _ value: RawSpan?, _ headers: borrowing some HeaderSource & ~Escapable,
    _ timestamp: Timestamp, _ offset: Offset?
  ) throws(LogError) {
    let frame = try encoder.frame(
      keyCount: key?.byteCount ?? -1, valueCount: value?.byteCount ?? -1, headers: headers,
      timestamp: timestamp, offset: offset)
    let needed = encoder.byteCount &+ frame.byteCount
    if needed > storage.capacity { grow(to: needed) }
    // SAFETY: there is room for the frame, and this builder is the storage's only owner.
    unsafe encoder.store(
      frame, key: key, value: value, headers: headers, timestamp: timestamp, to: storage.base)
  }

  @inline(never)
  private mutating func grow(to needed: Int) {
    storage = storage.copy(count: encoder.byteCount, capacity: max(needed, storage.capacity * 2))
  }
}
