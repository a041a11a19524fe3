/// Turns what is compressed in a message of before format version 2 into what it was.
package protocol MessageDecompressor: Sendable {
  /// What these bytes were.
  ///
  /// - Parameters:
  ///   - bytes: A message's value.
  ///   - codec: How it is compressed; never ``CompressionCodec/none`` nor ``CompressionCodec/zstd``.
  ///   - ignoresHeaderChecksum: Whether the checksum in the header of an LZ4 frame may be any: in
  ///     version 0 producers computed it over the magic number too.
  ///   - limit: How many bytes there may be. No more are kept in memory.
  /// - Throws: ``LogError/Code/corrupt`` where the bytes are no such stream, or become more than the
  ///   limit; ``LogError/Code/unsupported`` where the codec is not built in.
  func decompress(
    _ bytes: RawSpan, _ codec: CompressionCodec, ignoresHeaderChecksum: Bool, limit: Int
  ) throws(LogError) -> [UInt8]
}

/// The codecs of this build.
struct BuiltInDecompressor: MessageDecompressor {
  func decompress(
    _ bytes: RawSpan, _ codec: CompressionCodec, ignoresHeaderChecksum: Bool, limit: Int
  ) throws(LogError) -> [UInt8] {
    guard ignoresHeaderChecksum, codec == .lz4 else { return try decompress(bytes, codec, limit) }
    var mended = [UInt8](bytes)
    LZ4Frame.correctChecksum(in: &mended)
    return try unsafe decompress(mended.span.bytes, codec, limit)
  }

  private func decompress(
    _ bytes: RawSpan, _ codec: CompressionCodec, _ limit: Int
  ) throws(LogError) -> [UInt8] {
    var decompressor = Decompressor(maximumByteCount: limit)
    do throws(LogError) {
      return [UInt8](try decompressor.decompress(bytes, codec))
    } catch {
      // Here what is too large is damage: nobody wrote a message of that size.
      throw error.code == .full ? LogError(.corrupt, error.message) : error
    }
  }
}
