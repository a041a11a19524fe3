import Testing
import VarveFormat

@testable import Varve

/// Which batch of a segment is not what it was.
@Suite struct SegmentChangeTests {
  /// Batches of one offset each.
  private func batches(_ offsets: Range<Offset>) throws -> [PlacedHeader] {
    let wreck = Wreck()
    let log = try wreck.open()
    try wreck.fill(log, upTo: offsets.upperBound)
    try log.closeNow()
    let bytes = wreck.segment(Wreck.base(of: offsets.lowerBound))
    return try offsets.map { offset in
      let position = Wreck.position(offset)
      return PlacedHeader(
        header: try BatchHeader(parsing: bytes.span.bytes, at: position), position: position)
    }
  }

  private func digest(_ batches: [PlacedHeader]) -> SegmentDigest {
    batches.reduce(into: SegmentDigest()) { $0.add($1.header) }
  }

  @Test func nothingHasChanged() throws {
    let batches = try batches(0..<5)
    #expect(SegmentChange(in: batches, from: digest(batches), within: 0..<5) == nil)
  }

  @Test(arguments: 0..<5)
  func anOffsetOrAnEpoch(_ index: Int) throws {
    let sound = try batches(0..<5)
    let offset = Offset(rawValue: Int64(index))
    var changed = sound
    changed[index] = PlacedHeader(changed[index]) { $0.baseOffset = offset.advanced(by: 1 << 40) }
    let moved = try #require(SegmentChange(in: changed, from: digest(sound), within: 0..<5))
    #expect((moved.index, moved.baseOffset) == (index, offset))
    changed = sound
    changed[index] = PlacedHeader(changed[index]) { $0.leaderEpoch = LeaderEpoch(rawValue: 77) }
    let reigned = try #require(SegmentChange(in: changed, from: digest(sound), within: 0..<5))
    #expect((reigned.index, reigned.baseOffset) == (index, offset))
  }

  /// Of the checksum and the epoch each covers a part of the other in a digest: a batch that was changed,
  /// checksum and all, may look as if its epoch was.
  @Test func anEpochExplainsNoBatchForWhichThereIsNoRoom() throws {
    let sound = try batches(0..<5)
    for index in 0..<5 {
      var changed = sound
      changed[index] = PlacedHeader(changed[index]) {
        $0.leaderEpoch = LeaderEpoch(rawValue: 77)
        $0.lastOffsetDelta = 0x4200_4000
      }
      #expect(SegmentChange(in: changed, from: digest(sound), within: 0..<5) == nil, "\(index)")
    }
  }

  /// Where there is room for half of all offsets, any number seems to be one that a batch had.
  @Test func anOffsetByChanceExplainsNothing() throws {
    let sound = try batches(0..<5)
    for checksum: UInt32 in 1..<50 {
      var changed = sound
      changed[4] = PlacedHeader(changed[4]) { $0.checksum = checksum }
      let found = SegmentChange(
        in: changed, from: digest(sound), within: 0..<Offset(rawValue: .max))
      #expect(found == nil, "\(checksum)")
    }
    var moved = sound
    moved[4] = PlacedHeader(moved[4]) { $0.baseOffset = Offset(rawValue: 1 << 40) }
    let found = SegmentChange(in: moved, from: digest(sound), within: 0..<Offset(rawValue: .max))
    #expect(found?.index == 4 && found?.baseOffset == 4)
  }
}

extension PlacedHeader {
  fileprivate init(_ other: PlacedHeader, _ change: (inout BatchHeader) -> Void) {
    var header = other.header
    change(&header)
    self.init(header: header, position: other.position)
  }
}
