// Parts of a segment that are known to be lost. Nothing is read there; what lies before and behind is.

extension SegmentFile {
  /// How far the segment may be read from a position on: to its end, or to where something is lost.
  func limit(from position: Int) -> Int {
    damage.first { $0.positions.lowerBound >= position }?.positions.lowerBound
      ?? published.position
  }

  /// What is lost at a position, if something is. What takes no bytes is passed by its offsets alone:
  /// so `next` says which one would be next there.
  func damage(at position: Int, next: Offset) -> DamagedRange? {
    damage.first {
      $0.positions.lowerBound == position
        && !($0.positions.isEmpty && $0.offsets.upperBound <= next)
    }
  }

  /// Refuses an offset that is lost.
  func checkIntact(_ offset: Offset) throws(LogError) {
    if let lost = damage.first(where: { $0.offsets.contains(offset) }) { throw .damaged(lost) }
  }

  /// The parts that are there: where each begins, and where it ends.
  var intactParts: [(start: SegmentEnd, limit: Int)] {
    var parts: [(start: SegmentEnd, limit: Int)] = []
    var start = SegmentEnd(offset: baseOffset, position: 0)
    for lost in damage {
      parts.append((start, lost.positions.lowerBound))
      start = SegmentEnd(
        offset: lost.offsets.upperBound, position: lost.positions.upperBound)
    }
    parts.append((start, published.position))
    return parts.filter { $0.start.position < $0.limit }
  }
}

extension [DamagedRange] {
  /// What of them can be parts of a segment, one behind the other: what was noted last may lie before what
  /// was noted first, or go further, and a file may say anything.
  func parts(of base: Offset, until end: SegmentEnd) -> [DamagedRange] {
    var place = SegmentEnd(offset: base, position: 0)
    let ordered = sorted {
      ($0.positions.lowerBound, $0.offsets.lowerBound)
        < ($1.positions.lowerBound, $1.offsets.lowerBound)
    }
    return ordered.compactMap { part in
      guard part.segmentBaseOffset == base, part.positions.upperBound <= end.position,
        part.offsets.upperBound <= end.offset
      else { return nil }
      let offsets = part.offsets.clamped(to: place.offset..<end.offset)
      let positions = part.positions.clamped(to: place.position..<end.position)
      guard !offsets.isEmpty || !positions.isEmpty else { return nil }
      place = SegmentEnd(
        offset: Swift.max(place.offset, offsets.upperBound),
        position: Swift.max(place.position, positions.upperBound))
      return DamagedRange(segmentBaseOffset: base, offsets: offsets, positions: positions)
    }
  }
}

extension DamagedRange {
  /// Refuses to go over what is lost where an offset of it is wanted.
  func checkUnwanted(from first: Offset) throws(LogError) {
    guard offsets.isEmpty || offsets.upperBound <= first else { throw .damaged(self) }
  }

  /// What a reader wants that has gone over it as if it were right.
  ///
  /// The batch before may have been read, whose offsets it only seemed to have: that is to be said. Where
  /// nothing is lost but bytes, the offsets of the batches in them come once more behind them: so they do
  /// not count, which is no news to whoever has skipped them.
  func wanted(from first: Offset, readTo next: Offset) throws(LogError) -> Offset {
    guard offsets.isEmpty else { return min(first, offsets.lowerBound) }
    guard first < next, offsets.lowerBound < next else { return first }
    throw .damaged(
      DamagedRange(
        segmentBaseOffset: segmentBaseOffset, offsets: offsets.lowerBound..<next,
        positions: positions))
  }
}

extension LogError {
  static func damaged(_ range: DamagedRange) -> LogError {
    LogError(
      .corrupt,
      "\(range) are lost; reading goes on at offset \(range.offsets.upperBound)", damage: range)
  }
}

extension BatchStream {
  /// Goes over a part that is lost, if the stream stands before one: silently where no offset of it
  /// is wanted. False where there is none.
  mutating func passDamage(of segment: SegmentFile, wanting first: Offset) throws(LogError) -> Bool
  {
    guard !segment.damage.isEmpty, isAtLimit,
      let lost = segment.damage(at: position, next: nextOffset)
    else { return false }
    try lost.checkUnwanted(from: first)
    goOn(
      behind: SegmentEnd(
        offset: lost.offsets.upperBound, position: lost.positions.upperBound),
      limit: segment.limit(from: lost.positions.upperBound))
    return true
  }
}
