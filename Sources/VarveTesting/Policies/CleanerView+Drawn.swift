import Varve

extension CleanerView {
  /// A log as it may be, with times that a producer may have made up.
  static func drawn(from random: inout SplitMix) -> CleanerView {
    let now = Timestamp(rawValue: 1_800_000_000_000)
    let start = Offset(rawValue: Int64(random.number(below: 1000)))
    var segments: [CleanerSegment] = []
    for _ in 0...random.number(below: 12) {
      segments.append(.drawn(from: segments.last?.endOffset ?? start, now, &random))
    }
    let end = segments[segments.count - 1].endOffset
    segments[segments.count - 1].isActive = true
    segments[segments.count - 1].sealedAt = nil
    let committed = random.number(below: start.distance(to: end) + 1)
    let dirty = segments[random.number(below: segments.count)].baseOffset
    return CleanerView(
      segments: segments, start: start, end: end,
      deletableEnd: random.isOne(in: 2) ? end : start.advanced(by: committed),
      firstDirtyOffset: dirty,
      dirtySince: random.isOne(in: 4) ? nil : .drawn(around: now, &random),
      freeByteCount: random.isOne(in: 4) ? nil : random.number(below: 2_000_000), now: now)
  }
}

extension CleanerSegment {
  fileprivate static func drawn(
    from base: Offset, _ now: Timestamp, _ random: inout SplitMix
  ) -> CleanerSegment {
    let count = random.number(below: 2000)
    return CleanerSegment(
      baseOffset: base, endOffset: base.advanced(by: count), byteCount: count * 100,
      maxTimestamp: .drawn(around: now, &random),
      sealedAt: Timestamp(rawValue: now.rawValue - Int64(random.number(below: 1_000_000_000))),
      isPinned: random.isOne(in: 8))
  }
}

extension Timestamp {
  /// Mostly one that can be, in the last twelve days.
  fileprivate static func drawn(around now: Timestamp, _ random: inout SplitMix) -> Timestamp {
    switch random.number(below: 10) {
    case 0: Timestamp(rawValue: now.rawValue + 315_000_000_000)
    case 1: Timestamp(rawValue: 0)
    case 2: .none
    case 3: Timestamp(rawValue: now.rawValue * 1000)
    default: Timestamp(rawValue: now.rawValue - Int64(random.number(below: 1_000_000_000)))
    }
  }
}
