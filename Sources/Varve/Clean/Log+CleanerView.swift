internal import VarveSystem

extension Log {
  /// What a policy sees of the log now.
  func cleanerView() throws(LogError) -> CleanerView {
    try lookingAgain { () throws(LogError) in try cleanerViewOnce() }
  }

  private func cleanerViewOnce() throws(LogError) -> CleanerView {
    let view = table.current
    let pinned = Set(pins.current.map { ObjectIdentifier($0.segment) })
    var segments: [CleanerSegment] = []
    segments.reserveCapacity(view.segments.count)
    for segment in view.segments {
      segments.append(try facts(of: segment, isPinned: pinned.contains(ObjectIdentifier(segment))))
    }
    let end = segments.last?.endOffset ?? view.startOffset
    let stable = min(end, lastStableOffset)
    let damaged = view.segments.first { !$0.damage.isEmpty }?.baseOffset
    let dirty = max(view.startOffset, cleaning.withLock { $0.cleanedBelow })
    return CleanerView(
      segments: segments, start: view.startOffset, end: end, deletableEnd: stable,
      compactableEnd: min(stable, damaged ?? stable), firstDirtyOffset: dirty,
      dirtySince: firstTimestamp(from: dirty, in: view),
      freeByteCount: lookAtSpace(),
      now: Timestamp(rawValue: environment.time.wallMilliseconds))
  }

  /// The time of the first batch from an offset on, as far as its segment's first one tells.
  private func firstTimestamp(from offset: Offset, in view: LogView) -> Timestamp? {
    guard
      let segment = view.segments.first(where: {
        $0.published.offset > offset && $0.published.position > 0
      }), let file = try? segment.openFile()
    else { return nil }
    var walk = HeaderWalk(
      file, from: 0, firstOffset: segment.baseOffset,
      limit: segment.published.position, readAhead: LogLimits.lookupMargin, buffers: buffers)
    // What is wrong with it is for whoever reads it.
    guard (try? walk.advance()) == true else { return nil }
    return walk.header?.maxTimestamp
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
