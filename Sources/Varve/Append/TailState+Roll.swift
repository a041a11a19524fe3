internal import VarveSystem

extension TailState {
  /// Goes on in the spare: a swap of pointers. All else is left to maintenance, which seals the old
  /// segment before it gives the new one its name.
  mutating func roll(_ reason: RollReason, _ clock: borrowing TailClock) {
    guard let spare = spare.take() else { return }
    let base = Offset(rawValue: nextOffset)
    let newIndex = IndexMemory(
      baseOffset: base, limits: rules.indexLimits, memory: spare.indexMemory)
    let next = SegmentFile(
      active: base, end: SegmentEnd(offset: base, position: 0), maxTimestamp: .none,
      name: .spare(spare.number), file: spare.file, index: newIndex,
      directory: segment.directory, in: segment.fileSystem)
    seals.append(
      SealJob(
        segment: segment, end: end, index: index, finalTime: finalTime, digest: digest,
        mapping: dropMapping(), next: next, reason: reason, producers: producers.frozen,
        aborted: aborted))
    segment.learn(content: .init(end: position, digest: digest))
    aborted = []
    earlierByteCount += position
    habit.noteRoll(byteCount: earlierByteCount)
    take(next, newIndex, spare, created: clock.now.rawValue)
    segments.append(next)
  }

  /// The last entry of the time index, which Kafka's retention goes by.
  var finalTime: TimeIndexEntry {
    TimeIndexEntry(timestamp: maxTimestamp, offset: maxTimestampOffset)
  }

  private mutating func take(
    _ next: SegmentFile, _ newIndex: IndexMemory, _ spare: Spare, created: Int64
  ) {
    begin(next, newIndex, created: created)
    file = spare.file
    extent = PreparationPlan.Extent(
      allocatedEnd: spare.allocatedEnd, populatedEnd: spare.populatedEnd)
    if let mapping = spare.mapping, !habit.prefersCalls {
      arm(mapping, end: spare.allocatedEnd)
    }
  }

  /// Begins an empty segment.
  mutating func begin(_ next: SegmentFile, _ newIndex: IndexMemory, created: Int64) {
    segment = next
    index = newIndex
    position = 0
    nextOffset = next.baseOffset.rawValue
    maxTimestamp = .none
    maxTimestampOffset = next.baseOffset
    lastOffsetLimit = Self.lastOffset(of: next.baseOffset)
    timestampLimit = .min
    indexThreshold = rules.indexInterval
    digest = SegmentDigest()
    facts = RollRule.Facts(
      baseOffset: next.baseOffset.rawValue, byteCount: 0, firstTimestamp: nil, created: created,
      offsetEntryCount: 0, timeEntryCount: 0)
    // Any append wakes maintenance, until it has looked at the new segment.
    wakePosition = 0
  }

  /// From now on, stores go into this mapping, below `end`: unless the log takes no appends any more, or
  /// none by stores. An append that finds room for a store asks nothing else.
  mutating func arm(_ mapping: Mapping, end: Int) {
    guard refusal == nil, !hasFaulted else { return }
    unsafe memory = mapping.base
    self.mapping = mapping
    mappedEnd = min(end, rules.roll.segmentByteCount)
  }
}
