extension TailState {
  /// Puts a batch of another replica at the end of the log, where its own offset lets it, and publishes
  /// it.
  mutating func place(
    replicated source: borrowing ReplicatedSource, _ clock: borrowing TailClock
  ) throws(LogError) -> Placement {
    if let refusal { throw refusal }
    let header = source.header
    try check(header)
    if let missing = try rollIfNeeded(
      byteCount: header.byteCount, lastOffsetDelta: header.lastOffset.rawValue - nextOffset,
      header.maxTimestamp, clock)
    {
      return missing
    }
    guard position &+ header.byteCount <= mappedEnd || file != nil else { return .needsFile }
    // Behind a crash, a gap at the start of a spare could not be told from batches that are lost.
    guard header.baseOffset.rawValue == nextOffset || segment.name == .own else {
      return .needsName
    }
    noteFirst(header.maxTimestamp)
    let before = (nextOffset, leaderEpoch)
    (nextOffset, leaderEpoch) = (header.baseOffset.rawValue, header.leaderEpoch)
    let placement: Placement
    do throws(LogError) {
      placement = try put(source)
    } catch {
      (nextOffset, leaderEpoch) = before
      throw error
    }
    // A batch that does not say who led says nothing of who does.
    if header.leaderEpoch == .none { leaderEpoch = before.1 }
    return placement
  }

  private mutating func put(_ source: borrowing ReplicatedSource) throws(LogError) -> Placement {
    let end = position &+ source.byteCount
    guard end <= mappedEnd else { return try write(source, nil) }
    guard let checksum = store(source, nil) else {
      try giveUpMapping()
      return try write(source, nil)
    }
    return commit(
      end: end, lastOffset: source.header.lastOffset.rawValue, source.maxTimestamp, checksum)
  }

  /// Whether the batch may follow what the log has.
  private func check(_ header: BatchHeader) throws(LogError) {
    guard header.baseOffset.rawValue >= nextOffset else {
      throw LogError(
        .invalidArgument,
        "the batch has \(header.offsets), and the log goes on at \(nextOffset)")
    }
    guard header.leaderEpoch == .none || header.leaderEpoch >= leaderEpoch else {
      throw LogError(
        .invalidArgument,
        "the batch at \(header.baseOffset) is of epoch \(header.leaderEpoch), and the log has come to "
          + "\(leaderEpoch): cut it where the two part")
    }
    guard header.lastOffset.rawValue - nextOffset <= LogLimits.maximumRelativeOffset else {
      throw LogError(
        .unsupported,
        "a gap from \(nextOffset) to \(header.baseOffset) is too wide for any segment: let the log "
          + "begin anew behind it")
    }
  }
}

extension BatchHeader {
  fileprivate var offsets: String { "\(baseOffset)...\(lastOffset)" }
}
