/// A batch as another replica of the log has it, which is stored byte for byte: its offsets and its
/// leader are what they were there.
struct ReplicatedSource: ~Copyable, ~Escapable, BatchSource {
  private let bytes: RawSpan
  let header: BatchHeader

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, header: BatchHeader) {
    self.bytes = bytes
    self.header = header
  }

  var byteCount: Int { header.byteCount }
  var lastOffsetDelta: Int64 { Int64(header.lastOffsetDelta) }
  var maxTimestamp: Timestamp { header.maxTimestamp }

  func store(_ stamp: TailStamp, to memory: UnsafeMutableRawPointer) -> UInt32 {
    let headerCount = FormatLimits.batchHeaderByteCount
    // SAFETY: the caller made room for `byteCount` bytes, which is what the span has.
    unsafe bytes.withUnsafeBytes { source in
      let start = unsafe source.baseAddress.unsafelyUnwrapped
      unsafe memory.copyMemory(from: start, byteCount: headerCount)
      unsafe (memory + headerCount).copyMemory(
        from: start + headerCount, byteCount: source.count - headerCount)
    }
    return header.checksum
  }
}
