import Testing
import VarveTesting

@testable import Varve

/// What a segment knows to be lost of it.
@Suite struct SegmentDamageTests {
  private func part(_ offsets: Range<Offset>, _ positions: Range<Int>) -> DamagedRange {
    DamagedRange(segmentBaseOffset: 12, offsets: offsets, positions: positions)
  }

  private func segment(_ damage: [DamagedRange]) -> SegmentFile {
    SegmentFile(
      sealed: 12, end: SegmentEnd(offset: 18, position: 369), directory: "/log", damage: damage,
      in: SimulatedFileSystem(clock: ManualClock()))
  }

  /// A seal that says that the segment ends before batches that are there.
  @Test func whatIsKnownMayReachIntoWhatIsFound() {
    let segment = segment([part(12..<18, 369..<369)])
    let found = part(14..<16, 123..<246)
    #expect(segment.learn(damage: [found]) == [found])
    let all = [found, part(16..<18, 369..<369)]
    #expect(segment.damage == all)
    // The same as whoever opens the log next makes of both.
    let end = SegmentEnd(offset: 18, position: 369)
    #expect([part(12..<18, 369..<369), found].parts(of: 12, until: end) == all)
    #expect(segment.learn(damage: [found]) == [])
    #expect(segment.damage == all)
  }

  @Test func whatIsFoundCoversWhatWasKnown() {
    let segment = segment([part(14..<16, 123..<246)])
    let all = part(12..<18, 0..<369)
    #expect(segment.learn(damage: [all]) == [all])
    #expect(segment.damage == [all])
  }
}
