import Testing

@testable import VarveFormat

/// The form for bytes that were just stored reads in another order, and must come to the same.
@Suite struct FreshChecksumTests {
  @Test func everyShortLength() {
    let bytes = (0..<70).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
    for start in 0..<9 {
      for count in 0...60 {
        let piece = Array(bytes[start..<start + count])
        #expect(fresh(piece) == CRC32CReference.checksum(of: piece))
      }
    }
  }

  @Test func piecesChain() {
    let bytes = (0..<64).map { UInt8(truncatingIfNeeded: $0 &* 73) }
    let whole = CRC32CReference.checksum(of: bytes)
    for split in 0...64 {
      let head = fresh(Array(bytes[..<split]))
      #expect(fresh(Array(bytes[split...]), continuing: head) == whole)
      #expect(crc(bytes[split...], continuing: head) == whole)
    }
  }

  private func fresh(_ bytes: [UInt8], continuing checksum: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { CRC32C.checksum(ofFresh: $0, continuing: checksum) }
  }
}
