internal import VarveSystem

extension Log {
  /// What a policy sees of the log now.
  func cleanerView() throws(LogError) -> CleanerView {
    let view = table.current
    let pinned = Set(pins.current.map { ObjectIdentifier($0.segment) })
    var segments: [CleanerSegment] = []
    segments.reserveCapacity(view.segments.count)
    for segment in view.segments {
      segments.append(try facts(of: segment, isPinned: pinned.contains(ObjectIdentifier(segment))))
    }
    let end = segments.last?.endOffset ?? view.startOffset
    return CleanerView(
      segments: segments, start: view.startOffset, end: end,
      deletableEnd: min(end, lastStableOffset),
      freeByteCount: try? environment.fileSystem.space(at: directory).freeByteCount,
      now: Timestamp(rawValue: environment.time.wallMilliseconds))
  }

  private func facts(
    of segment: SegmentFile, isPinned: Bool
  ) throws(LogError) -> CleanerSegment {
    // In this order: what is stored below a position is covered by the offset that is read after it.
    let byteCount = segment.published.position
    return CleanerSegment(
      baseOffset: segment.baseOffset,
      endOffset: max(segment.baseOffset, segment.published.offset), byteCount: byteCount,
      isActive: segment.isActive, maxTimestamp: try maxTimestamp(of: segment),
      sealedAt: segment.sealedAt, isPinned: isPinned)
  }
}
