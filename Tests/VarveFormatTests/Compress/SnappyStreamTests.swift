#if Snappy
  import Testing

  @testable import VarveFormat

  /// snappy in xerial's framing: what others wrote, and what is none.
  @Suite struct SnappyStreamTests {
    static let header = hex("82534e415050590000000001 00000001")
    /// Five bytes as they are: their number, the tag of a literal, and they.
    static let block = hex("05 10 7661727665")
    static let varve = Array("varve".utf8)

    private static func chunk(_ block: [UInt8]) -> [UInt8] {
      bigEndian(Int32(block.count)) + block
    }

    @Test func theHeaderIsXerials() throws {
      #expect(XerialStream.header == Self.header)
      #expect(try Compressor.stream(of: [], .snappy) == Self.header)
      #expect(
        try Compressor.stream(of: Self.varve, .snappy) == Self.header + Self.chunk(Self.block))
    }

    /// Each 32 KiB are a block of their own.
    @Test func blocksAreBounded() throws {
      let bytes = Content.noise(70_000)
      let stream = try Compressor.stream(of: bytes, .snappy)
      var position = Self.header.count
      var sizes: [Int] = []
      while position < stream.count {
        let length = stream[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
        let block = Array(stream[position + 4..<position + 4 + length])
        sizes.append(try Decompressor.copy(of: block, .snappy).count)
        position += 4 + length
      }
      #expect(sizes == [32_768, 32_768, 4464])
    }

    @Test func withoutAHeaderAllIsOneBlock() throws {
      #expect(try Decompressor.copy(of: Self.block, .snappy) == Self.varve)
      let long = hex("14 4c") + Array("0123456789abcdefghij".utf8)
      #expect(try Decompressor.copy(of: long, .snappy) == Array("0123456789abcdefghij".utf8))
      #expect(error { try Decompressor.copy(of: [], .snappy) }?.code == .corrupt)
      #expect(try Decompressor.copy(of: [0], .snappy) == [])
    }

    @Test func streamsMayFollowEachOther() throws {
      let one = Self.header + Self.chunk(Self.block)
      let all = one + one + Self.header + Self.header + Self.chunk(Self.block)
      #expect(try Decompressor.copy(of: all, .snappy) == Self.varve + Self.varve + Self.varve)
      #expect(try Decompressor.copy(of: Self.header, .snappy) == [])
    }

    @Test func versionsHaveABound() throws {
      for (version, isRead) in [(Int32(1), true), (2, true), (.max, true), (0, false), (-1, false)]
      {
        var stream = Self.header + Self.chunk(Self.block)
        stream.replaceSubrange(8..<12, with: bigEndian(version))
        let refusal = error { try Decompressor.copy(of: stream, .snappy) }
        #expect(isRead ? refusal == nil : refusal?.breach?.byte == 8)
      }
    }

    /// Lengths that no block has, and headers that are cut.
    @Test(arguments: [
      "00", "000000", "00000001", "ffffffff", "7fffffff", "00000000", "82534e41", "82534e41505059",
      "0000000305107661", "00000007061076617276 65",
    ])
    func brokenChunksAreRefused(_ digits: String) throws {
      let refusal = error { try Decompressor.copy(of: Self.header + hex(digits), .snappy) }
      #expect(refusal?.breach?.rule == .compressedStream)
      #expect([16, 20].contains(refusal?.breach?.byte))
    }

    /// A block that claims 2³² - 1 bytes costs no memory.
    @Test func aClaimIsNotBelieved() throws {
      let lying = Self.header + Self.chunk(hex("ffffffff0f 10 7661727665"))
      var decompressor = Decompressor()
      #expect(error { try decompressor.copy(of: lying, .snappy) }?.code == .corrupt)
      #expect(decompressor.output.capacity == 0)
    }
  }
#endif
