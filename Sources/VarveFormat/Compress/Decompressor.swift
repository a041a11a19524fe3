// SAFETY: the codecs' contexts and the memory are self's alone. They belong to no thread, and
// everything that uses them needs exclusive access to self.
/// Looks into compressed batches, one after the other, and keeps for the next what it needed for
/// the last: the codecs' contexts, and the memory in which the records lie.
///
/// ```swift
/// var decompressor = Decompressor()
/// for try await batch in log.tail(from: .earliest) {
///   try decompressor.records(of: batch.view).forEach { record in … }
/// }
/// ```
///
/// ``BatchView/records`` and ``RecordBatch/records()`` do without one, and make everything anew.
public struct Decompressor: ~Copyable, @unchecked Sendable {
  /// The most that may come out of one batch.
  ///
  /// A few bytes can be made to become any number of others. Memory grows by what comes out, and
  /// not because of what a batch claims, but sooner or later it must end.
  public let maximumByteCount: Int

  private(set) var output: GrowingBytes
  /// By the codecs' numbers; each is made when it is needed first.
  private var readers: InlineArray<5, (any CodecReader)?> = .init(repeating: nil)

  /// What may come out of a batch where nobody says otherwise: 128 times the largest batch that
  /// Kafka takes where nobody says otherwise.
  public static let defaultMaximumByteCount = 128 << 20

  /// Makes nothing yet: that is done when it is needed.
  ///
  /// - Parameter maximumByteCount: The most that may come out of one batch, of which there are no
  ///   more than an uncompressed batch has room for.
  public init(maximumByteCount: Int = defaultMaximumByteCount) {
    self.maximumByteCount = min(max(0, maximumByteCount), FormatLimits.maximumRecordsByteCount)
    output = GrowingBytes(limit: self.maximumByteCount)
  }

  /// What was compressed into a stream: the records of a batch, say.
  ///
  /// - Returns: Bytes that are there until the next call.
  /// - Throws: ``LogError/Code/corrupt`` for what is no such stream, ``LogError/Code/full`` for more
  ///   than ``maximumByteCount``, and ``LogError/Code/unsupported`` for a codec that is not built
  ///   in.
  @_lifetime(&self)
  public mutating func decompress(
    _ stream: RawSpan, _ codec: CompressionCodec
  ) throws(LogError) -> RawSpan {
    output.removeAll()
    if codec == .none {
      guard stream.byteCount <= maximumByteCount else { throw output.tooMany }
      output.append(copying: stream)
    } else {
      guard stream.byteCount <= FormatLimits.maximumBatchByteCount else {
        throw LogError(.invalidArgument, "no batch has \(stream.byteCount) bytes")
      }
      try reader(of: codec).decompress(stream, into: &output)
    }
    // SAFETY: who uses the span has self to themselves meanwhile.
    let span = unsafe RawSpan(_unsafeBytes: output.bytes)
    return unsafe _overrideLifetime(span, mutating: &self)
  }

  private mutating func reader(of codec: CompressionCodec) throws(LogError) -> any CodecReader {
    let number = Int(codec.rawValue)
    if let reader = readers[number] { return reader }
    let reader = try codec.makeReader()
    readers[number] = reader
    return reader
  }

  /// Gives away what came out last, together with everything else.
  consuming func takeRecords() -> DecompressedRecords {
    let byteCount = output.count
    return DecompressedRecords(output.take(), byteCount: byteCount)
  }
}
