#if LZ4
  import Testing

  @testable import VarveFormat

  /// LZ4 frames: what others wrote, what Kafka's reader refuses, and what it lets pass.
  @Suite struct LZ4StreamTests {
    static let varves = Array("varve varve varve varve varve varve".utf8)
    static let header = hex("04224d18 60 40 82")
    static let block = hex("10000000 6f766172766520060005507661727665")
    static let end = hex("00000000")
    static let frame = header + block + end

    /// By lz4(1): with checksums of the content, of the blocks, and with the content's size.
    private static let others = [
      "04224d186440a7 100000006f7661727665200600055076617276 65 00000000 109328bc",
      "04224d187440bd 100000006f7661727665200600055076617276 65 4edc6834 00000000 109328bc",
      "04224d186c40230000000000000061 100000006f7661727665200600055076617276 65 00000000 109328bc",
      "04224d18784023000000000000003c 100000006f7661727665200600055076617276 65 4edc6834 00000000",
    ].map { hex($0) }

    @Test func theFrameIsKafkas() throws {
      #expect(try Compressor.stream(of: Self.varves, .lz4) == Self.frame)
      #expect(try Compressor.stream(of: [], .lz4) == Self.header + Self.end)
      // What doesn't become smaller is stored.
      let stored = Self.header + hex("03000080 010203") + Self.end
      #expect(try Compressor.stream(of: [1, 2, 3], .lz4) == stored)
      #expect(try Decompressor.copy(of: stored, .lz4) == [1, 2, 3])
    }

    @Test(arguments: others)
    func othersFramesAreRead(_ frame: [UInt8]) throws {
      #expect(try Decompressor.copy(of: frame, .lz4) == Self.varves)
    }

    /// A block that is nothing needs no room, in whatever form.
    @Test(arguments: [0x00, 0x02, 0x0f] as [UInt8])
    func nothingFitsWhereThereIsNoRoom(_ token: UInt8) throws {
      let frame = Self.header + hex("01000000") + [token] + Self.end
      for limit in [0, 1, 100] {
        var decompressor = Decompressor(maximumByteCount: limit)
        let out = try decompressor.decompress(frame.span.bytes, .lz4)
        #expect(out.byteCount == 0)
      }
      // And something does not.
      var decompressor = Decompressor(maximumByteCount: Self.varves.count - 1)
      #expect(
        error { try decompressor.decompress(Self.frame.span.bytes, .lz4).byteCount }?.code == .full)
    }

    /// A match that ends near the block's end: whether it is taken does not depend on the room.
    @Test func aMatchNearTheEndIsTakenInAnyRoom() throws {
      let frame =
        hex("04224d18 6c40 2300000000000000 61 10000000".filter { $0 != " " })
        + hex("72766520060020060000507661727665") + Self.end
      let out = try Decompressor.copy(of: frame, .lz4)
      #expect(out.count == 18)
      for limit in [18, 19, 1000] {
        var decompressor = Decompressor(maximumByteCount: limit)
        let count = try decompressor.decompress(frame.span.bytes, .lz4).byteCount
        #expect(count == 18)
      }
      var decompressor = Decompressor(maximumByteCount: 17)
      #expect(
        error { try decompressor.decompress(frame.span.bytes, .lz4).byteCount }?.code == .full)
    }

    /// Kafka does not look at it, and neither at what comes behind.
    @Test func theContentsChecksumIsNotLookedAt() throws {
      #expect(try Decompressor.copy(of: Self.others[0].dropLast(4) + [1, 2], .lz4) == Self.varves)
      #expect(try Decompressor.copy(of: Self.frame + Self.frame + [9], .lz4) == Self.varves)
    }

    @Test func aBlocksChecksumIs() throws {
      var broken = Self.others[1]
      broken[27] ^= 1
      #expect(error { try Decompressor.copy(of: broken, .lz4) }?.breach?.byte == 27)
    }

    /// Magic, version, flags, block sizes, and their checksum.
    @Test func headersThatKafkaRefuses() throws {
      func refused(_ bytes: [UInt8], at byte: Int) {
        let refusal = error { try Decompressor.copy(of: bytes + Self.block + Self.end, .lz4) }
        #expect(refusal?.breach == FormatBreach(.compressedStream, atByte: byte), "\(hex(bytes))")
      }
      refused(hex("04224d19604082"), at: 0)
      for flags: UInt8 in [0x20, 0xa0, 0xe0, 0x40, 0x61, 0x62] {
        refused(Self.sealed([flags, 0x40]), at: 4)
      }
      for blocks: UInt8 in [0x00, 0x30, 0x41, 0x48, 0xc0] {
        refused(Self.sealed([0x60, blocks]), at: 5)
      }
      refused(hex("04224d18604083"), at: 6)
    }

    @Test(arguments: [UInt8(4), 5, 6, 7])
    func blocksOfAllSizesAreRead(_ size: UInt8) throws {
      let most = 1 << (8 + 2 * Int(size))
      let content = Content.noise(most)
      let header = Self.sealed([0x60, size << 4])
      let stored = littleEndian(UInt32(most) | 0x8000_0000)
      let out = try Decompressor.copy(of: header + stored + content + Self.end, .lz4)
      #expect(out == content)
      let larger = littleEndian(UInt32(most + 1) | 0x8000_0000)
      let refusal = error {
        try Decompressor.copy(of: header + larger + content + [0] + Self.end, .lz4)
      }
      #expect(refusal?.breach?.byte == 7)
    }

    @Test func everyByteCounts() throws {
      for frame in [Self.frame, Self.others[3]] {
        for end in 0..<frame.count {
          let refusal = error { try Decompressor.copy(of: Array(frame[..<end]), .lz4) }
          #expect(refusal?.breach?.rule == .compressedStream, "\(end)")
        }
      }
    }

    /// More than a block's worth cannot come out of a block.
    @Test func aBlockStaysWithinItsSize() throws {
      let zeros = try Compressor.stream(of: Content.zeros(65_536), .lz4)
      #expect(try Decompressor.copy(of: zeros, .lz4).count == 65_536)
      // One more literal than 64 KiB: a match of 65,531 behind four bytes, and five at the end.
      let length = [UInt8](repeating: 255, count: 256) + [UInt8(65_528 - 4 - 15 - 256 * 255)]
      let block = hex("4f 01020304 0400") + length + hex("50 0102030405")
      let frame = Self.header + littleEndian(UInt32(block.count)) + block + Self.end
      #expect(error { try Decompressor.copy(of: frame, .lz4) }?.breach?.byte == 11)
    }

    @Test func hashesAreThoseOfOthers() {
      let hashes = [
        "": 0x02cc_5d05, "abc": 0x32d1_53ff, "Nobody inspects the spammish repetition": 0xe229_3b2f,
      ]
      for (text, hash) in hashes {
        let bytes = Array(text.utf8)
        #expect(XXHash32.hash(of: bytes.span.bytes) == UInt32(hash))
      }
    }

    /// A header with these flags, and with their checksum.
    private static func sealed(_ flags: [UInt8]) -> [UInt8] {
      let hash = XXHash32.hash(of: flags.span.bytes)
      return Array(header[..<4]) + flags + [UInt8(truncatingIfNeeded: hash >> 8)]
    }
  }

  private func littleEndian(_ value: UInt32) -> [UInt8] { bigEndian(value.byteSwapped) }
#endif
