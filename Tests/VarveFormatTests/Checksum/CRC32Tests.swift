import Testing

@testable import VarveFormat

/// The checksum of old messages.
@Suite struct CRC32Tests {
  /// Bit by bit, as the polynomial has it.
  private func naive(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { state, byte in
      (0..<8).reduce(state ^ UInt32(byte)) { state, _ in
        state >> 1 ^ (state & 1 == 0 ? 0 : 0xedb8_8320)
      }
    }
  }

  private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    CRC32.checksum(of: bytes.span.bytes)
  }

  @Test func checkValue() {
    #expect(checksum(Array("123456789".utf8)[...]) == 0xcbf4_3926)
    #expect(checksum([]) == 0)
  }

  /// Each length up to some words of eight, from each place in such a word.
  @Test func allLengthsAndPlaces() {
    var random = SplitMix(seed: 1)
    let bytes = random.bytes(80)
    for start in 0..<8 {
      for end in start...bytes.count {
        #expect(checksum(bytes[start..<end]) == naive(bytes[start..<end]))
      }
    }
  }

  /// What each byte does in each place of a word.
  @Test func eachByteInEachPlace() {
    for place in 0..<8 {
      for byte in UInt8.min...UInt8.max {
        var bytes = [UInt8](repeating: 0, count: 8)
        bytes[place] = byte
        #expect(checksum(bytes[...]) == naive(bytes[...]))
      }
    }
  }
}
