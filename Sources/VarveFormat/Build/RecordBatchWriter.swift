// SAFETY: `base` and `capacity` are those of the span that was consumed by the initializer, on
// whose lifetime self's depends: nobody else reaches the memory while self lives.
/// Builds a batch, record by record, in memory that it is given, and allocates nothing.
///
/// ```swift
/// var writer = try RecordBatchWriter(into: memory)
/// try writer.append(key: key, value: value, timestamp: now)
/// let byteCount = writer.finish()
/// ```
@safe
public struct RecordBatchWriter: ~Copyable, ~Escapable {
  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  private var encoder: BatchEncoder

  /// Begins a batch at the start of `memory`.
  ///
  /// - Throws: ``LogError/Code/full`` if there is no room for a header.
  @_lifetime(copy memory)
  public init(
    into memory: consuming MutableRawSpan, _ options: BatchOptions = BatchOptions()
  ) throws(LogError) {
    guard memory.byteCount >= FormatLimits.batchHeaderByteCount else {
      throw LogError(
        .full,
        "a batch has \(FormatLimits.batchHeaderByteCount) bytes at least, there is room "
          + "for \(memory.byteCount)")
    }
    encoder = try BatchEncoder(options)
    capacity = memory.byteCount
    unsafe base = memory.withUnsafeMutableBytes { unsafe $0.baseAddress.unsafelyUnwrapped }
  }

  /// How many records there are so far.
  public var recordCount: Int { encoder.recordCount }

  /// Whether the records have offsets without a gap.
  package var isContiguous: Bool { encoder.isContiguous }

  /// Says in the memory how far the batch may reach that is about to be built there.
  package func announce() {
    // SAFETY: the memory has room for a header.
    unsafe encoder.announce(in: base, byteCount: capacity)
  }

  /// Bytes of the batch so far, header included.
  public var byteCount: Int { encoder.byteCount }

  /// Appends a record.
  ///
  /// - Throws: ``LogError/Code/full`` if there is no room for it, and
  ///   ``LogError/Code/invalidArgument``; in both cases the batch is as it was before.
  @_lifetime(self: copy self)
  public mutating func append(
    key: RawSpan?, value: RawSpan?, timestamp: Timestamp = .none, offset: Offset? = nil
  ) throws(LogError) {
    try append(key, value, NoHeaders(), timestamp, offset)
  }

  /// Appends a record with headers.
  @_lifetime(self: copy self)
  public mutating func append(
    key: RawSpan?, value: RawSpan?, headers: [RecordHeader], timestamp: Timestamp = .none,
    offset: Offset? = nil
  ) throws(LogError) {
    try append(key, value, headers, timestamp, offset)
  }

  /// Appends a record.
  @_lifetime(self: copy self)
  public mutating func append(_ record: Record, offset: Offset? = nil) throws(LogError) {
    try append(
      record.key.span, record.value.span, record.headers, record.timestamp ?? .none, offset)
  }

  /// Completes the batch and returns how many bytes it takes: 0 if no record was appended, because
  /// then there is none.
  public consuming func finish() -> Int {
    guard encoder.recordCount > 0 else { return 0 }
    // SAFETY: the memory has room for all that the encoder counted.
    return unsafe encoder.finish(in: base).byteCount
  }

  /// Completes the batch, its records compressed, and returns how many bytes it takes: 0 if no
  /// record was appended.
  ///
  /// Control batches are not compressed: Kafka doesn't read such.
  ///
  /// - Throws: ``LogError/Code/full`` if there is no room for the compressed batch, which may be
  ///   larger than it was, and ``LogError/Code/invalidArgument`` where there are more bytes of
  ///   records than readers let come out of a batch.
  public consuming func finish(
    compressedBy compressor: inout Compressor
  ) throws(LogError) -> Int {
    let header = encoder.finalHeader
    guard compressor.compresses(header) else { return finish() }
    let codec = compressor.compression.codec
    // SAFETY: the encoder has written all bytes that it counted.
    let records = unsafe try compressor.compress(
      RawSpan(
        _unsafeStart: base + BatchHeader.Field.records,
        byteCount: encoder.byteCount - BatchHeader.Field.records))
    let compressed = try header.recoded(codec, recordsByteCount: records.byteCount)
    guard compressed.byteCount <= capacity else {
      throw LogError(.full, "a batch of \(compressed.byteCount) bytes, and room for \(capacity)")
    }
    // SAFETY: there is room, and the compressor's bytes lie elsewhere.
    return unsafe compressed.sealed(with: records, in: base).byteCount
  }
}

extension RecordBatchWriter {
  @inline(__always)
  @_lifetime(self: copy self)
  private mutating func append(
    _ key: RawSpan?, _ value: RawSpan?, _ headers: borrowing some HeaderSource & ~Escapable,
    _ timestamp: Timestamp, _ offset: Offset?
  ) throws(LogError) {
    let frame = try encoder.frame(
      keyCount: key?.byteCount ?? -1, valueCount: value?.byteCount ?? -1, headers: headers,
      timestamp: timestamp, offset: offset)
    let room = capacity &- encoder.byteCount
    guard frame.byteCount <= room else {
      throw LogError(.full, "a record of \(frame.byteCount) bytes, and room for \(room)")
    }
    // SAFETY: there is room for the frame.
    unsafe encoder.store(
      frame, key: key, value: value, headers: headers, timestamp: timestamp, to: base)
  }
}
