// The steps of a digest are bijections of its state, and of what is taken in: so each can be undone, and
// between two states stands what was taken in.

extension SegmentDigest {
  /// What it was before a batch was added.
  func removing(_ header: BatchHeader) -> SegmentDigest {
    let middle = unmixed ^ Self.content(of: header)
    let start =
      SegmentDigest(rawValue: middle).unmixed ^ UInt64(bitPattern: header.baseOffset.rawValue)
    return SegmentDigest(rawValue: start)
  }

  /// The offset that a batch must have that leads from this digest to another one.
  func offset(before header: BatchHeader, leadingTo next: SegmentDigest) -> Offset {
    let middle = SegmentDigest(rawValue: next.unmixed ^ Self.content(of: header))
    return Offset(rawValue: Int64(bitPattern: middle.unmixed ^ rawValue))
  }

  /// The epoch that a batch must have for the same; nil where no epoch leads there.
  func epoch(of header: BatchHeader, leadingTo next: SegmentDigest) -> LeaderEpoch? {
    var middle = self
    middle.mix(UInt64(bitPattern: header.baseOffset.rawValue))
    let wanted = next.unmixed ^ middle.rawValue
    let change = (wanted ^ Self.content(of: header)) >> 16
    let epoch = UInt32(bitPattern: header.leaderEpoch.rawValue) ^ UInt32(truncatingIfNeeded: change)
    let found = LeaderEpoch(rawValue: Int32(bitPattern: epoch))
    var other = self
    other.add(
      baseOffset: header.baseOffset.rawValue, byteCount: header.byteCount, leaderEpoch: found,
      checksum: header.checksum)
    return other == next ? found : nil
  }

  /// The state and the word that were mixed, one upon the other.
  private var unmixed: UInt64 { (rawValue ^ rawValue >> 32) &* Self.inverse }

  private static func content(of header: BatchHeader) -> UInt64 {
    content(
      byteCount: header.byteCount, leaderEpoch: header.leaderEpoch, checksum: header.checksum)
  }

  /// Of the number that `mix` multiplies with, by Newton's steps: each doubles the bits that are right.
  private static let inverse: UInt64 = {
    var inverse = multiplier
    for _ in 0..<5 { inverse = inverse &* (2 &- multiplier &* inverse) }
    return inverse
  }()
}
