internal import VarveSystem

extension TailState {
  /// Takes no appends for now: each is told to come again. Returns where stores went.
  mutating func hold() -> Mapping? {
    refusal = LogError(.retry, "the log is being cut")
    isHeld = true
    return dropMapping()
  }

  /// Takes appends again, unless something has come in between.
  mutating func resume() {
    guard isHeld else { return }
    (refusal, isHeld) = (nil, false)
  }

  /// Goes on in a segment that another one was cut to.
  mutating func goOn(
    in next: SegmentFile, _ scan: SegmentScan, file: OpenFile, created: Int64
  ) {
    let appended = appendedByteCount
    begin(next, scan.index, created: created)
    self.file = file
    position = scan.end.position
    nextOffset = scan.end.offset.rawValue
    earlierByteCount = appended - position
    digest = scan.digest
    maxTimestamp = scan.maxTimestamp
    maxTimestampOffset = scan.maxTimestampOffset
    indexThreshold = (scan.index.offsets.last?.position ?? 0) + rules.indexInterval
    facts.firstTimestamp = scan.firstTimestamp?.rawValue
    if position > 0 { setTimestampLimit() }
    if rules.roll.isFull(currentFacts) { lastOffsetLimit = -1 }
    extent = PreparationPlan.Extent(allocatedEnd: position, populatedEnd: position)
    planSync()
  }
}
