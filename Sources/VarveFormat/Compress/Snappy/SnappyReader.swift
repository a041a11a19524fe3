#if Snappy
  internal import CSnappy

  /// Undoes snappy in xerial's framing, or a single block without any.
  final class SnappyReader: CodecReader {
    /// The most that a byte becomes in snappy, rounded up: a copy takes three bytes and makes 64.
    private static let greatestGrowth = 22

    func decompress(_ bytes: RawSpan, into output: inout GrowingBytes) throws(LogError) {
      guard XerialStream.begins(bytes) else {
        return try block(of: bytes, at: 0, byteCount: bytes.byteCount, into: &output)
      }
      let version: Int32 = bytes.bigEndian(at: XerialStream.versionPosition)
      guard version >= 1 else {
        throw .damagedStream(
          atByte: XerialStream.versionPosition, "the framing has the version \(version)")
      }
      var position = XerialStream.header.count
      while position < bytes.byteCount {
        position = try chunk(of: bytes, at: position, into: &output)
      }
    }

    /// Undoes what stands behind a length, and returns where the next one stands.
    private func chunk(
      of bytes: RawSpan, at position: Int, into output: inout GrowingBytes
    ) throws(LogError) -> Int {
      let rest = bytes.byteCount - position
      guard rest >= XerialStream.lengthByteCount else {
        throw .damagedStream(atByte: position, "it ends within a block's length")
      }
      let length: Int32 = bytes.bigEndian(at: position)
      if length == XerialStream.headerAsLength {
        guard rest >= XerialStream.header.count else {
          throw .damagedStream(atByte: position, "it ends within a header")
        }
        return position + XerialStream.header.count
      }
      let start = position + XerialStream.lengthByteCount
      guard length >= 0, Int(length) <= bytes.byteCount - start else {
        throw .damagedStream(
          atByte: position, "a block of \(length) bytes, and \(bytes.byteCount - start) are left")
      }
      try block(of: bytes, at: start, byteCount: Int(length), into: &output)
      return start + Int(length)
    }

    /// Undoes one block.
    private func block(
      of bytes: RawSpan, at position: Int, byteCount: Int, into output: inout GrowingBytes
    ) throws(LogError) {
      let isWhole = try unsafe bytes.slice(position, count: byteCount).withUnsafeBytes {
        block throws(LogError) in
        // SAFETY: snappy reads from the block alone, and writes as many bytes as it said before,
        // for which there is room.
        let start = unsafe block.baseAddress?.assumingMemoryBound(to: CChar.self)
        var size = 0
        guard unsafe snappy_uncompressed_length(start, block.count, &size) == SNAPPY_OK,
          size <= block.count * Self.greatestGrowth
        else { return false }
        guard size <= output.limit - output.count else { throw output.tooMany }
        let room = unsafe output.room(for: size)
        let place = unsafe room.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard unsafe snappy_uncompress(start, block.count, place, &size) == SNAPPY_OK else {
          return false
        }
        output.append(size)
        return true
      }
      guard isWhole else { throw .damagedStream(atByte: position, "no snappy block") }
    }
  }
#endif
