#if LZ4
  internal import CLZ4

  /// Undoes one LZ4 frame, as Kafka does: its blocks stand for themselves, what comes behind it is
  /// not looked at, and neither is the checksum of the content.
  final class LZ4Reader: CodecReader {
    /// What a byte may become without being unusual. As part of a match's length it may become 255.
    private static let likelyGrowth = 16
    /// Room beyond the end: near that, liblz4 refuses matches that it takes elsewhere, and what is a block
    /// must not depend on how much may come out.
    private static let slack = 64

    func decompress(_ bytes: RawSpan, into output: inout GrowingBytes) throws(LogError) {
      let frame = try LZ4Frame(of: bytes)
      var position = frame.headerByteCount
      while let block = try Self.block(of: bytes, at: position, in: frame) {
        let start = position + LZ4Frame.lengthByteCount
        let content = bytes.slice(start, count: block.byteCount)
        if block.isStored {
          output.append(copying: content)
        } else {
          let maximum = frame.maximumBlockByteCount
          guard try decompress(content, atMost: maximum, into: &output) else {
            throw .damagedStream(atByte: start, "no lz4 block")
          }
        }
        try output.checkLimit()
        position = start + block.byteCount
        if frame.hasBlockChecksums {
          try Self.check(content, against: bytes, at: position)
          position += LZ4Frame.checksumByteCount
        }
      }
    }

    /// A block as its length describes it.
    private struct Block {
      let byteCount: Int
      let isStored: Bool
    }

    /// The block at `position`, all of which is there; nil at the frame's end.
    private static func block(
      of bytes: RawSpan, at position: Int, in frame: LZ4Frame
    ) throws(LogError) -> Block? {
      guard bytes.byteCount - position >= LZ4Frame.lengthByteCount else {
        throw .damagedStream(atByte: position, "it ends before its end mark")
      }
      let word: UInt32 = bytes.littleEndian(at: position)
      let byteCount = Int(word & ~LZ4Frame.storedFlag)
      guard byteCount > 0 else { return nil }
      guard byteCount <= frame.maximumBlockByteCount else {
        throw .damagedStream(
          atByte: position,
          "a block of \(byteCount) bytes, where \(frame.maximumBlockByteCount) are the most")
      }
      let rest = bytes.byteCount - position - LZ4Frame.lengthByteCount
      let checksum = frame.hasBlockChecksums ? LZ4Frame.checksumByteCount : 0
      guard byteCount <= rest - checksum else {
        throw .damagedStream(
          atByte: position, "a block of \(byteCount) bytes, and \(rest) are left")
      }
      return Block(byteCount: byteCount, isStored: word & LZ4Frame.storedFlag != 0)
    }

    /// Undoes a block; false where it is none.
    ///
    /// liblz4 doesn't say whether there was too little room. So where there is less than a block may
    /// fill, a block that was refused is asked for its size.
    private func decompress(
      _ block: RawSpan, atMost maximum: Int, into output: inout GrowingBytes
    ) throws(LogError) -> Bool {
      let rest = output.limit - output.count
      // Some room in any case: of a block that is nothing, liblz4 takes but one form where there is none.
      let likely = max(1, min(maximum, rest, block.byteCount * Self.likelyGrowth))
      if attempt(block, room: likely, atMost: maximum, into: &output) { return true }
      guard let size = LZ4Block.contentByteCount(of: block), size <= maximum else { return false }
      guard size <= rest else { throw output.tooMany }
      return attempt(block, room: size + Self.slack, atMost: maximum, into: &output)
    }

    /// Undoes a block into so much room, or more where it is there.
    private func attempt(
      _ block: RawSpan, room byteCount: Int, atMost maximum: Int, into output: inout GrowingBytes
    ) -> Bool {
      let room = unsafe output.room(for: byteCount)
      let produced = unsafe block.withUnsafeBytes { block in
        // SAFETY: liblz4 reads from the block alone, and writes no more than it is told that there
        // is room for.
        unsafe LZ4_decompress_safe(
          block.baseAddress?.assumingMemoryBound(to: CChar.self),
          room.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(block.count),
          Int32(min(maximum, room.count)))
      }
      guard produced >= 0 else { return false }
      output.append(Int(produced))
      return true
    }

    private static func check(
      _ content: RawSpan, against bytes: RawSpan, at position: Int
    ) throws(LogError) {
      guard bytes.littleEndian(at: position, as: UInt32.self) == XXHash32.hash(of: content) else {
        throw .damagedStream(atByte: position, "a block's checksum is wrong")
      }
    }
  }
#endif
