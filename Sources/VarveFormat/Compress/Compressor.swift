// SAFETY: the codec's context and the memory are self's alone. They belong to no thread, and
// everything that uses them needs exclusive access to self.
/// Compresses batches, one after the other, and keeps for the next what it needed for the last: the
/// codec's context, and memory.
///
/// ```swift
/// var compressor = try Compressor(.lz4)
/// let batch = try builder.finish(compressedBy: &compressor)
/// ```
public struct Compressor: ~Copyable, @unchecked Sendable {
  /// The codec and its level.
  public let compression: Compression

  private let writer: (any CodecWriter)?
  private var output = GrowingBytes(limit: .max)

  /// Makes the codec's context.
  ///
  /// - Throws: ``LogError/Code/unsupported`` for a codec that is not built in.
  public init(_ compression: Compression) throws(LogError) {
    self.compression = compression
    writer = compression.codec == .none ? nil : try compression.makeWriter()
  }

  /// Compresses bytes into one stream, as the records of a batch are.
  ///
  /// - Returns: Bytes that are there until the next call.
  /// - Throws: ``LogError/Code/invalidArgument`` for more bytes than readers let come out of a
  ///   batch, ``Decompressor/defaultMaximumByteCount``.
  @_lifetime(&self)
  public mutating func compress(_ bytes: RawSpan) throws(LogError) -> RawSpan {
    guard bytes.byteCount <= Decompressor.defaultMaximumByteCount else {
      throw LogError(
        .invalidArgument,
        "\(bytes.byteCount) bytes are more than the \(Decompressor.defaultMaximumByteCount) that "
          + "come out of a compressed batch")
    }
    output.removeAll()
    if let writer {
      try writer.compress(bytes, into: &output)
    } else {
      output.append(copying: bytes)
    }
    // SAFETY: who uses the span has self to themselves meanwhile.
    let span = unsafe RawSpan(_unsafeBytes: output.bytes)
    return unsafe _overrideLifetime(span, mutating: &self)
  }

  /// Whether it changes the batch of this header: Kafka compresses neither control batches nor those
  /// without records.
  func compresses(_ header: BatchHeader) -> Bool {
    compression.codec != .none && !header.isControl && header.recordCount > 0
  }

  /// The same batch, its records compressed.
  ///
  /// Control batches and those without records are returned as they are.
  ///
  /// - Throws: ``LogError/Code/invalidArgument`` for a batch that is compressed already; see
  ///   ``Decompressor/decompress(_:)``.
  public mutating func compress(_ batch: RecordBatch) throws(LogError) -> RecordBatch {
    guard batch.header.codec == .none else {
      throw LogError(
        .invalidArgument, "the batch is compressed with \(batch.header.codec) already")
    }
    guard compresses(batch.header) else { return batch }
    let codec = compression.codec
    let records = try compress(batch.view.encodedRecords)
    return try RecordBatch(batch.header, codec, records: records)
  }
}
