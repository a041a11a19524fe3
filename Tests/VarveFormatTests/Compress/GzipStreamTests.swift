#if Gzip
  import Testing

  @testable import VarveFormat

  /// gzip: what others wrote, and what is none.
  @Suite struct GzipStreamTests {
    static let varves = Array("varve varve varve varve varve varve".utf8)
    /// By gzip(1), without and with a name and a time.
    static let plain = hex("1f8b08000000000000032b4b2c2a4b5528c3470200348f79b123000000")
    static let named = hex(
      "1f8b0808245f096b0003762e747874002b4b2c2a4b5528c3470200348f79b123000000")

    @Test func othersMembersAreRead() throws {
      #expect(try Decompressor.copy(of: Self.plain, .gzip) == Self.varves)
      #expect(try Decompressor.copy(of: Self.named, .gzip) == Self.varves)
    }

    /// No name, no time, and what follows from the level.
    @Test func aMemberIsWritten() throws {
      let stream = try Compressor.stream(of: Self.varves, .gzip)
      #expect(stream == Self.plain)
      #expect(Array(stream.prefix(8)) == hex("1f8b080000000000"))
    }

    @Test func membersMayFollowEachOther() throws {
      let three = Self.plain + Self.named + Self.plain
      let out = try Decompressor.copy(of: three, .gzip)
      #expect(out == Self.varves + Self.varves + Self.varves)
      let cut = error { try Decompressor.copy(of: Array(three.dropLast(10)), .gzip) }
      #expect(cut?.breach?.rule == .compressedStream)
    }

    /// As Java's reader has it: what begins no member ends the stream.
    @Test(arguments: [[0], [0x1f], [0x1f, 0x8b], [0x1f, 0x8b, 7], [1, 2, 3, 4, 5]])
    func whatIsNoMemberIsNotRead(_ rest: [UInt8]) throws {
      #expect(try Decompressor.copy(of: Self.plain + rest, .gzip) == Self.varves)
    }

    @Test func everyByteCounts() throws {
      for end in 0..<Self.plain.count {
        let refusal = error { try Decompressor.copy(of: Array(Self.plain[..<end]), .gzip) }
        #expect(refusal?.breach?.rule == .compressedStream, "\(end)")
        #expect(try #require(refusal?.breach).byte <= end)
      }
      // The checksum and the length at the end.
      for place in Self.plain.count - 8..<Self.plain.count {
        var broken = Self.plain
        broken[place] ^= 1
        let refusal = error { try Decompressor.copy(of: broken, .gzip) }
        #expect(refusal?.breach?.rule == .compressedStream, "\(place)")
      }
    }

    /// A length that is claimed costs no memory.
    @Test func aClaimIsNotBelieved() throws {
      var lying = Self.plain
      lying.replaceSubrange(lying.count - 4..<lying.count, with: [0xff, 0xff, 0xff, 0x7f])
      var decompressor = Decompressor()
      #expect(error { try decompressor.copy(of: lying, .gzip) }?.code == .corrupt)
      #expect(decompressor.output.capacity <= 2048)
    }
  }
#endif
