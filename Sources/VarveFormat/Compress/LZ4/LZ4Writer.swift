#if LZ4
  internal import CLZ4

  // SAFETY: `state` is allocated and freed here, with the size and the alignment that liblz4 asks
  // for, and is used by its calls alone.
  /// Compresses into one LZ4 frame of independent blocks.
  @safe
  final class LZ4Writer: CodecWriter {
    private let state: UnsafeMutableRawPointer
    /// The slow compressor's level; nil for the fast one.
    private let level: Int32?

    init(level: Int?) {
      let isFast = level == nil || level == CompressionCodec.lz4.defaultLevel
      self.level = isFast ? nil : level.map { Int32($0) }
      let byteCount = isFast ? LZ4_sizeofState() : LZ4_sizeofStateHC()
      unsafe state = .allocate(byteCount: Int(byteCount), alignment: 16)
    }

    deinit { unsafe state.deallocate() }

    func compress(_ bytes: RawSpan, into output: inout GrowingBytes) throws(LogError) {
      for byte in LZ4Frame.writtenHeader { output.append(bigEndian: byte) }
      var position = 0
      while position < bytes.byteCount {
        let count = min(LZ4Frame.writtenBlockByteCount, bytes.byteCount - position)
        block(bytes.slice(position, count: count), into: &output)
        position += count
      }
      output.append(littleEndian: LZ4Frame.endMark)
    }

    /// Compresses one block behind its length, or stores it where that doesn't make it smaller.
    private func block(_ bytes: RawSpan, into output: inout GrowingBytes) {
      let bound = LZ4_compressBound(Int32(bytes.byteCount))
      let room = unsafe output.room(for: LZ4Frame.lengthByteCount + Int(bound))
      // SAFETY: the room is as long as was asked for.
      let place = unsafe room.baseAddress.unsafelyUnwrapped
      let content = unsafe place + LZ4Frame.lengthByteCount
      let byteCount = unsafe Int(compress(bytes, to: content, room: bound))
      if byteCount > 0, byteCount < bytes.byteCount {
        unsafe place.storeBigEndian(UInt32(byteCount).byteSwapped, at: 0)
        output.append(LZ4Frame.lengthByteCount + byteCount)
      } else {
        let length = UInt32(bytes.byteCount) | LZ4Frame.storedFlag
        unsafe place.storeBigEndian(length.byteSwapped, at: 0)
        unsafe content.storeBytes(of: bytes)
        output.append(LZ4Frame.lengthByteCount + bytes.byteCount)
      }
    }

    private func compress(
      _ bytes: RawSpan, to content: UnsafeMutableRawPointer, room: Int32
    ) -> Int32 {
      unsafe bytes.withUnsafeBytes { block in
        // SAFETY: liblz4 reads from the block alone, and writes no more than there is room for.
        let source = unsafe block.baseAddress?.assumingMemoryBound(to: CChar.self)
        let target = unsafe content.assumingMemoryBound(to: CChar.self)
        let count = Int32(block.count)
        return if let level {
          unsafe LZ4_compress_HC_extStateHC(state, source, target, count, room, level)
        } else {
          unsafe LZ4_compress_fast_extState(state, source, target, count, room, 1)
        }
      }
    }
  }
#endif
