/// What tells the batches of a segment from any others: a digest of what no checksum of a batch
/// covers, and of the checksums themselves, in their order.
///
/// Each step is a bijection of the state, so that a change in one batch alone always shows. It takes
/// a few cycles beside an append, of which the processor sees little: it has other things to do.
struct SegmentDigest: Hashable, Sendable {
  private(set) var rawValue: UInt64

  init(rawValue: UInt64 = 0x5661_7276_6520_3031) { self.rawValue = rawValue }

  /// Takes the next batch in.
  @inline(__always)
  mutating func add(
    baseOffset: Int64, byteCount: Int, leaderEpoch: LeaderEpoch, checksum: UInt32
  ) {
    mix(UInt64(bitPattern: baseOffset))
    mix(Self.content(byteCount: byteCount, leaderEpoch: leaderEpoch, checksum: checksum))
  }

  @inline(__always)
  static func content(byteCount: Int, leaderEpoch: LeaderEpoch, checksum: UInt32) -> UInt64 {
    let epoch = UInt64(UInt32(bitPattern: leaderEpoch.rawValue))
    return UInt64(checksum) << 32 | UInt64(UInt32(truncatingIfNeeded: byteCount)) ^ epoch << 16
  }

  @inline(__always)
  mutating func add(_ header: BatchHeader) {
    add(
      baseOffset: header.baseOffset.rawValue, byteCount: header.byteCount,
      leaderEpoch: header.leaderEpoch, checksum: header.checksum)
  }

  static let multiplier: UInt64 = 0x9e37_79b9_7f4a_7c15

  @inline(__always)
  mutating func mix(_ word: UInt64) {
    let product = (rawValue ^ word) &* 0x9e37_79b9_7f4a_7c15
    rawValue = product ^ product >> 32
  }
}
