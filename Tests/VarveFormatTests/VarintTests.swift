import Testing

@testable import VarveFormat

@Suite struct VarintTests {
  /// Values and bytes from the description of the format, and the edges of 64 bits.
  static let samples: [(Int64, String)] = [
    (0, "00"), (-1, "01"), (1, "02"), (63, "7e"), (-64, "7f"), (64, "8001"), (8191, "fe7f"),
    (2_147_483_647, "feffffff0f"), (-2_147_483_648, "ffffffff0f"),
    (.max, "feffffffffffffffff01"), (.min, "ffffffffffffffffff01"),
  ]

  @Test(arguments: samples)
  func samplesAreWrittenAndRead(value: Int64, text: String) throws {
    #expect(hex(encode(value)) == text)
    #expect(Varint.byteCount(of: value) == text.count / 2)
    #expect(try decode64(hex(text)) == value)
    if let small = Int32(exactly: value) { #expect(try decode32(hex(text)) == small) }
  }

  @Test func everyWidthIsCounted() {
    for shift in 0..<63 {
      for value in [Int64(1) << shift, (Int64(1) << shift) - 1, -(Int64(1) << shift)] {
        #expect(Varint.byteCount(of: value) == encode(value).count)
      }
    }
  }

  @Test func continuationBeyondTheLastByteIsRefused() {
    #expect(fault { try decode32(hex("8080808080")) } == .varint)
    #expect(fault { try decode32(hex("808080808000")) } == .varint)
    #expect(fault { try decode64(hex("80808080808080808080")) } == .varint)
    #expect(fault { try decode64(hex("8080808080808080808000")) } == .varint)
  }

  @Test func endOfBytesIsRefused() {
    for text in ["", "80", "8080", "808080", "80808080"] {
      #expect(fault { try decode32(hex(text)) } == .varint)
      #expect(fault { try decode64(hex(text)) } == .varint)
    }
  }

  /// Kafka's decoder drops the four highest bits of a fifth byte, and so must ours.
  @Test func excessBitsOfAFifthByteAreDropped() throws {
    #expect(try decode32(hex("feffffff7f")) == 2_147_483_647)
  }

  @Test func paddedNumbersAreRead() throws {
    #expect(try decode32(hex("8000")) == 0)
    #expect(try decode64(hex("82808000")) == 1)
  }

  private func encode(_ value: Int64) -> [UInt8] {
    withUnsafeTemporaryAllocation(byteCount: 10, alignment: 1) { memory in
      let base = memory.baseAddress!
      return Array(UnsafeRawBufferPointer(start: base, count: base.storeVarint(value) - base))
    }
  }

  private func decode32(_ bytes: [UInt8]) throws(RecordFault) -> Int32 {
    var position = 0
    return try bytes.span.bytes.varint32(at: &position, limit: bytes.count)
  }

  private func decode64(_ bytes: [UInt8]) throws(RecordFault) -> Int64 {
    var position = 0
    return try bytes.span.bytes.varint64(at: &position, limit: bytes.count)
  }

  private func fault<T>(_ body: () throws -> T) -> FormatRule? {
    do {
      _ = try body()
      return nil
    } catch {
      return (error as? RecordFault)?.rule
    }
  }
}
