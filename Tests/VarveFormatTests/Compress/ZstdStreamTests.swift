#if Zstd
  import Testing

  @testable import VarveFormat

  /// Zstandard: what others wrote, and what is none.
  @Suite struct ZstdStreamTests {
    static let varves = Array("varve varve varve varve varve varve".utf8)
    /// By zstd(1): with the content's size and checksum, and with neither.
    static let sized = hex("28b52ffd2423650000307661727665200100b94b1170513752")
    static let unsized = hex("28b52ffd0058650000307661727665200100b94b11")
    /// To be skipped: three bytes.
    static let skipped = hex("502a4d18 03000000 010203")
    /// No content size, and a window of 128 MiB.
    static let hugeWindow = hex("28b52ffd 00 88")
    /// One byte as it is, in the last block.
    static let oneByte = hex("090000 76")

    @Test func othersFramesAreRead() throws {
      for frame in [Self.sized, Self.unsized] {
        #expect(try Decompressor.copy(of: frame, .zstd) == Self.varves)
      }
    }

    @Test func framesMayFollowEachOther() throws {
      let all = Self.sized + Self.skipped + Self.unsized + Self.sized + Self.skipped
      #expect(
        try Decompressor.copy(of: all, .zstd) == Self.varves + Self.varves + Self.varves)
      #expect(try Decompressor.copy(of: Self.skipped, .zstd) == [])
    }

    @Test(arguments: [[0], [0x28], [0x28, 0xb5, 0x2f, 0xfd], [0x27, 0xb5, 0x2f, 0xfd, 0, 0x58]])
    func whatIsNoFrameIsRefused(_ rest: [UInt8]) throws {
      for bytes in [rest, Self.sized + rest] {
        let refusal = error { try Decompressor.copy(of: bytes, .zstd) }
        #expect(refusal?.breach?.rule == .compressedStream)
        #expect(refusal?.breach?.byte == bytes.count - rest.count)
      }
      #expect(error { try Decompressor.copy(of: [], .zstd) }?.code == .corrupt)
    }

    @Test func everyByteCounts() throws {
      for frame in [Self.sized, Self.unsized] {
        for end in 0..<frame.count {
          let refusal = error { try Decompressor.copy(of: Array(frame[..<end]), .zstd) }
          #expect(refusal?.breach?.rule == .compressedStream, "\(end)")
        }
      }
      var broken = Self.sized
      broken[broken.count - 1] ^= 1
      #expect(error { try Decompressor.copy(of: broken, .zstd) }?.code == .corrupt)
    }

    /// By zstd(1): 200,000 zeros in 28 bytes that don't say how many.
    @Test func muchMayComeOutOfLittle() throws {
      let frame = hex("28b52ffd04585400001000000100fbff39c002036a0800c4e97470")
      let out = try Decompressor.copy(of: frame, .zstd)
      #expect(out == Content.zeros(200_000))
      #expect(try Decompressor.copy(of: frame, .zstd, atMost: 200_000).count == 200_000)
      for limit in [0, 1, 1000, 199_999] {
        #expect(error { try Decompressor.copy(of: frame, .zstd, atMost: limit) }?.code == .full)
      }
    }

    /// Neither a window nor a size that is claimed costs memory.
    @Test func claimsAreNotBelieved() throws {
      var decompressor = Decompressor()
      #expect(try decompressor.copy(of: Self.hugeWindow + Self.oneByte, .zstd) == [0x76])
      let hugeContent = hex("28b52ffd c0 88 0000000000010000") + Self.oneByte
      #expect(error { try decompressor.copy(of: hugeContent, .zstd) }?.code == .corrupt)
      #expect(decompressor.output.capacity <= 2048)
    }

    /// A dictionary that nobody has.
    @Test func dictionariesAreRefused() throws {
      let frame = hex("28b52ffd 01 58 07") + Self.oneByte
      #expect(error { try Decompressor.copy(of: frame, .zstd) }?.code == .corrupt)
    }
  }
#endif
