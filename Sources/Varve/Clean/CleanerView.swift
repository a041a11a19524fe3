/// What a ``CleanerPolicy`` sees of a log: how it is at one moment.
public struct CleanerView: Hashable, Sendable {
  /// The segments, oldest first; the last one is being written.
  public var segments: [CleanerSegment]
  /// The first offset that is there.
  public var start: Offset
  /// The offset of the next record.
  public var end: Offset
  /// Up to where records may leave the log: no further than they are replicated, and not beyond the
  /// beginning of a transaction that is open.
  public var deletableEnd: Offset
  /// Up to where records may be compacted: no further than they may leave the log, and not beyond a part
  /// that is lost.
  public var compactableEnd: Offset
  /// Up to where the log was compacted.
  public var firstDirtyOffset: Offset
  /// The time of the first batch behind that, where there is one.
  public var dirtySince: Timestamp?
  /// What is left of the disk, where that is known.
  public var freeByteCount: Int?
  /// The time by the log's clock.
  public var now: Timestamp

  /// A view of these facts. The log makes its own; this is for those who test a policy.
  public init(
    segments: [CleanerSegment], start: Offset, end: Offset, deletableEnd: Offset? = nil,
    compactableEnd: Offset? = nil, firstDirtyOffset: Offset? = nil, dirtySince: Timestamp? = nil,
    freeByteCount: Int? = nil, now: Timestamp
  ) {
    self.segments = segments
    self.start = start
    self.end = end
    self.deletableEnd = deletableEnd ?? end
    self.compactableEnd = compactableEnd ?? self.deletableEnd
    self.firstDirtyOffset = max(start, firstDirtyOffset ?? start)
    self.dirtySince = dirtySince
    self.freeByteCount = freeByteCount
    self.now = now
  }
}

/// What a ``CleanerPolicy`` sees of a segment.
public struct CleanerSegment: Hashable, Sendable {
  /// The offset in the names of its files.
  public var baseOffset: Offset
  /// The first offset behind it.
  public var endOffset: Offset
  /// Bytes of its log.
  public var byteCount: Int
  /// Whether it is the one that is being written.
  public var isActive: Bool
  /// The greatest time that a record of it carries; ``Timestamp/none`` if none carries any.
  public var maxTimestamp: Timestamp
  /// When it got its final form, by the log's clock; nil while it is written, and where that is not known.
  public var sealedAt: Timestamp?
  /// Whether slices of it are held: its space stays taken until they are let go of.
  public var isPinned: Bool

  /// A segment of these facts, for those who test a policy.
  public init(
    baseOffset: Offset, endOffset: Offset, byteCount: Int, isActive: Bool = false,
    maxTimestamp: Timestamp = .none, sealedAt: Timestamp? = nil, isPinned: Bool = false
  ) {
    self.baseOffset = baseOffset
    self.endOffset = endOffset
    self.byteCount = byteCount
    self.isActive = isActive
    self.maxTimestamp = maxTimestamp
    self.sealedAt = sealedAt
    self.isPinned = isPinned
  }
}

// MARK: For policies

extension CleanerView {
  /// Bytes of all segments.
  public var byteCount: Int { segments.reduce(0) { $0 + $1.byteCount } }

  /// The actions that remove the oldest segments, up to the first one of which `isDue` is false.
  ///
  /// The segment that is being written goes too where all others do, if something is in it: the log
  /// goes on in a new one then.
  public func deletion(where isDue: (CleanerSegment) throws -> Bool) rethrows -> [CleanerAction] {
    var below: Offset?
    for segment in segments where !(segment.isActive && segment.byteCount == 0) {
      guard segment.endOffset <= deletableEnd, try isDue(segment) else { break }
      if segment.isActive { return [.roll, .delete(below: segment.endOffset)] }
      below = segment.endOffset
    }
    return below.map { [.delete(below: $0)] } ?? []
  }

  /// How old a segment is: how long ago its youngest record was written.
  ///
  /// That is what its records say, but for those that cannot be right. A record that says it is from
  /// the future would keep its segment for ever, one that says 1970 would lose it at once: the first
  /// counts as written when its segment was full, and so does the second.
  public func age(of segment: CleanerSegment) -> Duration {
    let latest = segment.sealedAt ?? now
    let written = segment.maxTimestamp.rawValue > 0 ? min(segment.maxTimestamp, latest) : latest
    let (age, overflow) = now.rawValue.subtractingReportingOverflow(written.rawValue)
    return .milliseconds(overflow ? .max : max(0, age))
  }
}
