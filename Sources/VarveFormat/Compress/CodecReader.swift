/// Undoes a codec's work. It keeps what its library needs from one stream to the next, and nothing
/// of what was in them.
protocol CodecReader: AnyObject {
  /// Appends what was compressed into `stream`.
  ///
  /// - Parameters:
  ///   - stream: All of it; 2³¹ bytes at the most.
  ///   - output: Grows by what comes out, and never because of what the stream says of itself.
  /// - Throws: ``LogError/Code/corrupt`` with the stream's byte at which it shows, or
  ///   ``LogError/Code/full`` once more has come out than the output's limit.
  func decompress(_ stream: RawSpan, into output: inout GrowingBytes) throws(LogError)
}

extension LogError {
  /// A stream that is not what its codec writes, at one of its bytes.
  static func damagedStream(atByte byte: Int, _ detail: String) -> LogError {
    .breach(.compressedStream, atByte: byte, detail)
  }

  /// A library of a codec that got no memory.
  static func noMemory(for codec: CompressionCodec) -> LogError {
    LogError(.full, "no memory is left for \(codec)")
  }
}
