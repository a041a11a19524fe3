/// A part of a log that is known to be lost: it was there, and what is found in its place is not it.
///
/// Nothing is removed or written there. What lies before and behind it is read as ever.
public struct DamagedRange: Hashable, Sendable {
  /// The segment, by the offset in the names of its files.
  public let segmentBaseOffset: Offset
  /// The offsets that are missing. Reading goes on at the upper bound.
  public let offsets: Range<Offset>
  /// The bytes of the segment's file that stand in their place; none where the file ends too early.
  public let positions: Range<Int>

  /// Names a part of a segment.
  public init(segmentBaseOffset: Offset, offsets: Range<Offset>, positions: Range<Int>) {
    self.segmentBaseOffset = segmentBaseOffset
    self.offsets = offsets
    self.positions = positions
  }
}

extension DamagedRange: CustomStringConvertible {
  /// Offsets and place in one line.
  public var description: String {
    "offsets \(offsets.lowerBound)..<\(offsets.upperBound), bytes "
      + "\(positions.lowerBound)..<\(positions.upperBound) of the segment \(segmentBaseOffset)"
  }
}
