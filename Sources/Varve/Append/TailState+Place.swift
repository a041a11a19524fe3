internal import VarveSystem

/// What became of an attempt to append.
enum Placement {
  case placed(AppendReceipt, needsMaintenance: Bool)
  /// A new segment is needed, and none stands ready.
  case needsSpare
  /// The log was parked, and its file must be opened again.
  case needsFile
  /// The batch leaves a gap, and the segment does not have its own name yet.
  case needsName
}

extension TailState {
  /// Puts a batch at the end of the log and publishes it.
  @inline(__always)
  mutating func place<Source: BatchSource & ~Copyable & ~Escapable>(
    _ source: borrowing Source, _ clock: borrowing TailClock
  ) throws(LogError) -> Placement {
    let end = position &+ source.byteCount
    let lastOffset = nextOffset &+ source.lastOffsetDelta
    let appendTime = rules.isAppendTime ? clock.now : nil
    let timestamp = appendTime ?? source.maxTimestamp
    guard end <= mappedEnd, lastOffset <= lastOffsetLimit, timestamp.rawValue <= timestampLimit
    else { return try placeSlowly(source, appendTime, clock) }
    guard let checksum = store(source, appendTime) else {
      return try placeAfterFault(source, appendTime, clock)
    }
    return commit(end: end, lastOffset: lastOffset, timestamp, checksum)
  }

  /// Stores a batch into the mapping, and returns its checksum; nil if that failed, and was repaired.
  @inline(__always)
  func store<Source: BatchSource & ~Copyable & ~Escapable>(
    _ source: borrowing Source, _ appendTime: Timestamp?
  ) -> UInt32? {
    // SAFETY: the caller has compared the end of the batch with `mappedEnd`.
    let place = unsafe memory.unsafelyUnwrapped + position
    unsafe StoreGuard.arm(place, byteCount: source.byteCount)
    let checksum = unsafe source.store(stamp(appendTime), to: place)
    return StoreGuard.disarm() == 0 ? checksum : nil
  }

  @inline(__always)
  func stamp(_ appendTime: Timestamp?) -> TailStamp {
    TailStamp(
      baseOffset: Offset(rawValue: nextOffset), leaderEpoch: leaderEpoch, appendTime: appendTime)
  }

  /// Takes note of a batch whose bytes are in place, and lets readers see it.
  @inline(__always)
  mutating func commit(
    end: Int, lastOffset: Int64, _ timestamp: Timestamp, _ checksum: UInt32
  ) -> Placement {
    let start = position
    let baseOffset = nextOffset
    digest.add(
      baseOffset: baseOffset, byteCount: end &- start, leaderEpoch: leaderEpoch,
      checksum: checksum)
    position = end
    nextOffset = lastOffset &+ 1
    if timestamp > maxTimestamp {
      maxTimestamp = timestamp
      maxTimestampOffset = Offset(rawValue: lastOffset)
      segment.published.publish(maxTimestamp: timestamp)
    }
    if start > indexThreshold { addIndexEntry(start: start, lastOffset: lastOffset) }
    segment.published.publish(position: end, offset: nextOffset)
    return .placed(
      AppendReceipt(
        baseOffset: Offset(rawValue: baseOffset), nextOffset: Offset(rawValue: nextOffset),
        timestamp: timestamp),
      needsMaintenance: end > wakePosition || nextOffset >= syncOffset)
  }

  /// Kafka's rule: an entry for the batch with which more than an interval has passed.
  @inline(never)
  private mutating func addIndexEntry(start: Int, lastOffset: Int64) {
    index.append(OffsetIndexEntry(offset: Offset(rawValue: lastOffset), position: start))
    index.append(TimeIndexEntry(timestamp: maxTimestamp, offset: maxTimestampOffset))
    indexThreshold = start &+ rules.indexInterval
    // The next append comes to the slow way, which goes on in a new segment.
    if rules.roll.isFull(currentFacts) { lastOffsetLimit = -1 }
  }
}

// MARK: The slow way

extension TailState {
  /// The same where something is to be decided: a new segment, or the other way to the file.
  @inline(never)
  private mutating func placeSlowly<Source: BatchSource & ~Copyable & ~Escapable>(
    _ source: borrowing Source, _ appendTime: Timestamp?, _ clock: borrowing TailClock
  ) throws(LogError) -> Placement {
    if let refusal { throw refusal }
    let timestamp = appendTime ?? source.maxTimestamp
    if let rolled = try rollIfNeeded(
      byteCount: source.byteCount, lastOffsetDelta: source.lastOffsetDelta, timestamp, clock)
    {
      return rolled
    }
    noteFirst(timestamp)
    let end = position &+ source.byteCount
    if end > mappedEnd { return try write(source, appendTime) }
    guard let checksum = store(source, appendTime) else {
      return try placeAfterFault(source, appendTime, clock)
    }
    return commit(end: end, lastOffset: nextOffset &+ source.lastOffsetDelta, timestamp, checksum)
  }

  /// Begins a new segment where one is due. Returns what is missing for that, if something is.
  mutating func rollIfNeeded(
    byteCount: Int, lastOffsetDelta: Int64, _ timestamp: Timestamp, _ clock: borrowing TailClock
  ) throws(LogError) -> Placement? {
    let (lastOffset, overflow) = nextOffset.addingReportingOverflow(lastOffsetDelta)
    guard !overflow, lastOffset < .max else {
      throw LogError(.full, "the log has no more offsets behind \(nextOffset)")
    }
    let incoming = RollRule.Incoming(
      byteCount: byteCount, lastOffset: lastOffset, timestamp: timestamp.rawValue)
    guard let reason = rules.roll.reason(currentFacts, incoming, now: clock.now.rawValue) else {
      return nil
    }
    guard spare != nil else { return .needsSpare }
    roll(reason, clock)
    return nil
  }

  /// The first batch of a segment says from when on its age counts.
  mutating func noteFirst(_ timestamp: Timestamp) {
    guard position == 0 else { return }
    facts.firstTimestamp = timestamp.rawValue
    setTimestampLimit()
  }

  /// Writes a batch by a call, and publishes it.
  mutating func write<Source: BatchSource & ~Copyable & ~Escapable>(
    _ source: borrowing Source, _ appendTime: Timestamp?
  ) throws(LogError) -> Placement {
    guard let file else { return .needsFile }
    let byteCount = source.byteCount
    // SAFETY: room for the batch; only these bytes of it are read.
    let room = unsafe staging.reserve(byteCount)
    let checksum = unsafe source.store(stamp(appendTime), to: room)
    try unsafe write(UnsafeRawBufferPointer(start: room, count: byteCount), to: file)
    return commit(
      end: position &+ byteCount, lastOffset: nextOffset &+ source.lastOffsetDelta,
      appendTime ?? source.maxTimestamp, checksum)
  }

  /// Writes bytes behind what is published. After an error nothing of them is there, or the log takes
  /// no more appends.
  mutating func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile) throws(LogError) {
    do throws(SystemError) {
      try unsafe file.write(from: bytes, at: position)
    } catch {
      noteFull(error)
      try rewind(file, after: error)
      throw LogError(error, "write to the log")
    }
  }

  /// Takes back what a write that failed may have left behind the end. A shorter batch written there
  /// next would leave some of it, and a record's bytes may look like a batch.
  private mutating func rewind(_ file: OpenFile, after failure: SystemError) throws(LogError) {
    // Stores beyond the end of the file would fault.
    dropMapping()
    extent = PreparationPlan.Extent(allocatedEnd: position, populatedEnd: position)
    do throws(SystemError) {
      try file.truncate(to: position)
      guard try file.status().byteCount == position else { throw failure }
    } catch {
      let refusal = LogError(
        .poisoned,
        "a write failed (\(failure.errno.explanation)), and what it left cannot be taken back: "
          + "open the log again",
        systemCall: LogError.SystemCall(name: error.call.rawValue, errno: error.errno.rawValue))
      refuse(refusal)
      throw refusal
    }
  }
}

// MARK: After a fault

extension TailState {
  /// A store hit a page that is not to be had. What is published has been in the file before, and
  /// readers do not read the mapping, so the batch can still be written by a call, which returns
  /// an error where a store raises a signal.
  @inline(never)
  private mutating func placeAfterFault<Source: BatchSource & ~Copyable & ~Escapable>(
    _ source: borrowing Source, _ appendTime: Timestamp?, _ clock: borrowing TailClock
  ) throws(LogError) -> Placement {
    try giveUpMapping()
    return try write(source, appendTime)
  }

  /// Goes on without the mapping, if what has been published is still there.
  mutating func giveUpMapping() throws(LogError) {
    hasFaulted = true
    dropMapping()
    guard let file else { return }
    let found: Int
    do throws(SystemError) {
      found = try file.status().byteCount
    } catch {
      throw LogError(error, "look at the log after a store into its mapping failed")
    }
    guard found < position else { return }
    let error = LogError(
      .corrupt,
      "the segment \(segment.baseOffset) has \(found) bytes left of \(position): its file was cut "
        + "by someone else; the log takes no more appends")
    refusal = error
    throw error
  }

  /// Stops storing into the mapping. It is given back by whoever drops the returned object last,
  /// which should not be done under the lock.
  @discardableResult
  mutating func dropMapping() -> Mapping? {
    defer { unsafe (memory, mapping) = (nil, nil) }
    mappedEnd = 0
    return mapping
  }
}
