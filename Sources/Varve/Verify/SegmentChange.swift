/// The one batch of a segment whose offset or epoch is not what it was, found by what all batches added up
/// to: no checksum covers either of them.
///
/// The steps of a digest can be gone backwards. From the end, the known batches lead back to what the
/// digest must have been behind each batch; from the start, to what it was before. Between the two stands
/// what the batch must have said, and only in one place is that something a batch may say.
struct SegmentChange: Hashable, Sendable {
  /// Which batch it is.
  let index: Int
  /// The offset that it had.
  let baseOffset: Offset

  /// Nil where no single batch explains the difference.
  ///
  /// - Parameter offsets: Which offsets the segment may have.
  init?(in batches: [PlacedHeader], from digest: SegmentDigest, within offsets: Range<Offset>) {
    // Nothing of what it is made of has changed.
    guard batches.reduce(into: SegmentDigest(), { $0.add($1.header) }) != digest else { return nil }
    let after = Self.states(behind: batches, endingIn: digest)
    var before = SegmentDigest()
    for (index, batch) in batches.enumerated() {
      let header = batch.header
      let previous = index > 0 ? batches[index - 1].header.nextOffset : offsets.lowerBound
      let base = before.offset(before: header, leadingTo: after[index])
      let count = header.baseOffset.distance(to: header.nextOffset)
      let next =
        index + 1 < batches.count ? batches[index + 1].header.baseOffset : offsets.upperBound
      let room = previous..<max(previous, min(next, offsets.upperBound))
      if room.hasRoom(at: base, for: count), base == previous || room.isNarrow {
        (self.index, baseOffset) = (index, base)
        return
      }
      if room.hasRoom(at: header.baseOffset, for: count),
        before.epoch(of: header, leadingTo: after[index]) != nil
      {
        (self.index, baseOffset) = (index, header.baseOffset)
        return
      }
      before.add(header)
    }
    return nil
  }

  /// What the digest was behind each batch, if those that follow are as they were.
  private static func states(
    behind batches: [PlacedHeader], endingIn digest: SegmentDigest
  ) -> [SegmentDigest] {
    var states = Array(repeating: digest, count: batches.count)
    for index in batches.indices.dropFirst().reversed() {
      states[index - 1] = states[index].removing(batches[index].header)
    }
    return states
  }
}

extension Range<Offset> {
  /// Whether a number by chance is hardly ever one of these. Before a segment that has gone, or one that
  /// somebody has given a name, there may be any number of them.
  fileprivate var isNarrow: Bool { lowerBound.distance(to: upperBound) < 1 << 32 }

  /// Whether a batch of so many offsets may begin at one of them.
  fileprivate func hasRoom(at base: Offset, for count: Int) -> Bool {
    base >= lowerBound && base <= upperBound && base.distance(to: upperBound) >= count
  }
}
