import Testing

@testable import Varve

@Suite struct SideEntryTests {
  private let entries: [SideEntry] = [
    .seal(
      Seal(
        baseOffset: 77, end: SegmentEnd(offset: 99, position: 12_345), inode: 17,
        modified: 1_700_000_000_123_456_789, digest: SegmentDigest(rawValue: .max),
        maxTimestamp: .at(5), sealedAt: 1_700_000_000_000, abortedCount: 7)),
    .seal(
      Seal(
        baseOffset: 0, end: SegmentEnd(offset: 0, position: 0), inode: 0, modified: 0,
        digest: SegmentDigest(), maxTimestamp: .none, sealedAt: 0, abortedCount: 0)),
    .seal(
      Seal(
        baseOffset: 0, end: SegmentEnd(offset: 0, position: 0), inode: 0, modified: 0,
        digest: SegmentDigest(), maxTimestamp: .none, sealedAt: 0)),
    .damage(
      DamagedRange(segmentBaseOffset: 77, offsets: 80..<90, positions: 1000..<2000)),
    .damage(DamagedRange(segmentBaseOffset: 0, offsets: 5..<5, positions: 10..<10)),
  ]

  private func parse(_ bytes: [UInt8]) -> SideEntry? { SideEntry.parse(bytes.span.bytes) }

  @Test func whatIsWrittenIsRead() {
    for entry in entries {
      let bytes = entry.encoded()
      #expect(bytes.count == SideEntry.byteCount)
      #expect(parse(bytes) == entry)
    }
  }

  @Test func everyBitCounts() {
    for entry in entries {
      let bytes = entry.encoded()
      for bit in 0..<bytes.count * 8 {
        var flipped = bytes
        flipped[bit / 8] ^= 1 << (bit % 8)
        #expect(parse(flipped) == nil, "bit \(bit)")
      }
    }
  }

  @Test func whatIsNotThereOrTorn() {
    let (one, other) = (entries[0].encoded(), entries[3].encoded())
    for count in 0..<one.count { #expect(parse(Array(one[..<count])) == nil) }
    #expect(parse([UInt8](repeating: 0, count: SideEntry.byteCount)) == nil)
    for count in 9..<83 {
      #expect(parse(Array(one[..<count]) + Array(other[count...])) == nil, "torn at \(count)")
    }
  }

  /// A checksum that holds says nothing of what it was taken of.
  @Test func placesThatCannotBe() {
    let ranges: [[Int64]] = [
      [0, 9, 5, 0, 1], [0, 5, 9, 2, 1], [0, 5, 9, -1, 1], [0, 5, 9, 0, -1],
    ]
    for numbers in ranges { #expect(parse(sealed(kind: 2, numbers)) == nil, "\(numbers)") }
    #expect(parse(sealed(kind: 2, [0, 5, 9, 0, 1])) != nil)
    #expect(parse(sealed(kind: 1, [0, 5, -1, 0, 0, 0, 0, 0])) == nil)
    #expect(parse(sealed(kind: 1, [0, 5, 1, 0, 0, 0, 0, 0])) != nil)
    for kind: UInt32 in [0, 3, .max] { #expect(parse(sealed(kind: kind, [0, 5, 9, 0, 1])) == nil) }
  }

  /// As versions wrote them that counted no transactions.
  @Test func aSealWithoutACount() {
    let bytes = sealed(kind: 1, [77, 99, 12_345, 17, 5, 1, 6, 7])
    guard case .seal(let seal) = parse(bytes) else {
      Issue.record("no seal")
      return
    }
    #expect(seal.abortedCount == nil && seal.sealedAt == 7)
    #expect(SideEntry.seal(seal).encoded() == bytes)
  }

  private func sealed(kind: UInt32, _ numbers: [Int64]) -> [UInt8] {
    var writer = FieldWriter()
    writer.append(kind)
    for number in numbers { writer.append(number) }
    return writer.sealed(0x5661_5345, byteCount: SideEntry.byteCount)
  }
}
