/// What stands around the blocks of an LZ4 frame, as far as Kafka knows it.
struct LZ4Frame {
  /// The most bytes that come out of one block.
  var maximumBlockByteCount: Int
  /// Whether the checksum of its bytes stands behind each block.
  var hasBlockChecksums: Bool
  /// Bytes before the first block.
  var headerByteCount: Int

  static let magic: UInt32 = 0x184d_2204
  /// Behind the last block, in the place of a length.
  static let endMark: UInt32 = 0
  /// In a block's length: the block is stored as it was.
  static let storedFlag: UInt32 = 0x8000_0000
  static let lengthByteCount = 4
  static let checksumByteCount = 4

  /// Version 1, independent blocks, and nothing else; blocks of 64 KiB; the checksum of the two.
  static let writtenHeader: [UInt8] = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]
  static let writtenBlockByteCount = 64 << 10
}

extension LZ4Frame {
  /// The bits of a frame's descriptor.
  private enum Flag {
    static let version: UInt8 = 0b1100_0000
    static let version1: UInt8 = 0b0100_0000
    static let independent: UInt8 = 0b0010_0000
    static let blockChecksums: UInt8 = 0b0001_0000
    static let contentSize: UInt8 = 0b0000_1000
    static let reserved: UInt8 = 0b0000_0011
    static let reservedOfBlocks: UInt8 = 0b1000_1111
  }

  private static let contentSizeByteCount = 8

  /// Reads the header that a stream begins with.
  init(of bytes: RawSpan) throws(LogError) {
    guard bytes.byteCount >= Self.writtenHeader.count else {
      throw .damagedStream(atByte: 0, "it ends within its header")
    }
    guard bytes.littleEndian(at: 0, as: UInt32.self) == Self.magic else {
      throw .damagedStream(atByte: 0, "no lz4 frame")
    }
    let (flags, blocks) = (bytes.byte(at: 4), bytes.byte(at: 5))
    // Bit 0 tells of a dictionary, which Kafka doesn't know either.
    guard flags & Flag.version == Flag.version1, flags & Flag.independent != 0,
      flags & Flag.reserved == 0
    else { throw .damagedStream(atByte: 4, "its flags are \(flags)") }
    let size = Int(blocks >> 4)
    guard blocks & Flag.reservedOfBlocks == 0, (4...7).contains(size) else {
      throw .damagedStream(atByte: 5, "its blocks are described by \(blocks)")
    }
    maximumBlockByteCount = 1 << (8 + 2 * size)
    hasBlockChecksums = flags & Flag.blockChecksums != 0
    let descriptorEnd = Self.descriptorEnd(flags)
    headerByteCount = descriptorEnd + 1
    guard bytes.byteCount >= headerByteCount else {
      throw .damagedStream(atByte: 0, "it ends within its header")
    }
    guard bytes.byte(at: descriptorEnd) == Self.checksum(bytes, descriptorEnd) else {
      throw .damagedStream(atByte: descriptorEnd, "the header's checksum is wrong")
    }
  }

  private static func descriptorEnd(_ flags: UInt8) -> Int {
    6 + (flags & Flag.contentSize != 0 ? contentSizeByteCount : 0)
  }

  private static func checksum(_ bytes: RawSpan, _ descriptorEnd: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: XXHash32.hash(of: bytes.slice(4, count: descriptorEnd - 4)) >> 8)
  }

  /// Puts the right checksum into a frame's header, for those whose writers took it over the magic
  /// number too.
  static func correctChecksum(in frame: inout [UInt8]) {
    guard frame.count > 4 else { return }
    let end = descriptorEnd(frame[4])
    guard frame.count > end else { return }
    let right = unsafe checksum(frame.span.bytes, end)
    frame[end] = right
  }
}
