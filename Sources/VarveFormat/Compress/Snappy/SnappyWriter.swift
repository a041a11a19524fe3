#if Snappy
  internal import CSnappy

  /// Compresses by snappy, in xerial's framing.
  final class SnappyWriter: CodecWriter {
    func compress(_ bytes: RawSpan, into output: inout GrowingBytes) throws(LogError) {
      for byte in XerialStream.header { output.append(bigEndian: byte) }
      var position = 0
      while position < bytes.byteCount {
        let count = min(XerialStream.blockByteCount, bytes.byteCount - position)
        block(bytes.slice(position, count: count), into: &output)
        position += count
      }
    }

    /// Compresses one block, behind its length.
    private func block(_ bytes: RawSpan, into output: inout GrowingBytes) {
      unsafe bytes.withUnsafeBytes { block in
        // SAFETY: snappy reads from the block alone, and the room is as long as it wants it to be.
        var size = snappy_max_compressed_length(block.count)
        let room = unsafe output.room(for: XerialStream.lengthByteCount + size)
        let place = unsafe room.baseAddress.unsafelyUnwrapped
        unsafe snappy_compress(
          block.baseAddress?.assumingMemoryBound(to: CChar.self), block.count,
          (place + XerialStream.lengthByteCount).assumingMemoryBound(to: CChar.self), &size)
        unsafe place.storeBigEndian(Int32(size), at: 0)
        output.append(XerialStream.lengthByteCount + size)
      }
    }
  }
#endif
