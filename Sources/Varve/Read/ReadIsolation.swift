/// Up to where a log is read.
public enum ReadIsolation: Hashable, Sendable, CaseIterable {
  /// Up to its end: all that has been appended, of which the last part may not outlive a power cut.
  case logEnd
  /// Up to ``Log/durableEnd``: what is on the device, and will be read after every crash.
  ///
  /// It is moved by those who wait for it, and by the log's ``SyncPolicy``; to read this way syncs
  /// nothing.
  case durable
  /// Up to ``Log/lastStableOffset``: of all that is read it is known whether it counts. Scans and tails
  /// leave out what does not, and markers; slices say what came to nothing, for whoever receives them:
  /// ``LogSlice/abortedTransactions``.
  case lastStable
  /// Up to ``Log/highWatermark``: what other replicas have too. A batch that reaches beyond is left
  /// out.
  case highWatermark
}

extension Log {
  /// The first offset that is not read.
  func end(_ isolation: ReadIsolation) -> Offset {
    switch isolation {
    case .logEnd: end
    case .durable: durableEnd
    case .lastStable: lastStableOffset
    case .highWatermark: highWatermark
    }
  }

  /// Where a position is for those who read so far.
  func place(of position: LogPosition, _ isolation: ReadIsolation) throws(LogError) -> Place {
    switch (isolation, position) {
    case (.logEnd, _): try place(of: position)
    case (_, .latest): try place(of: .offset(end(isolation)))
    case (_, .last(let count)):
      try place(ofOffset: max(start, end(isolation).advanced(before: count)))
    default: try place(of: position)
    }
  }
}

extension SegmentFile {
  /// Where the batch of an offset begins at the latest, without a look at the file: by the index, and
  /// so an interval of that behind it at the most.
  fileprivate func latestPosition(of offset: Offset) -> Int {
    guard let index = parts.index else { return published.position }
    let entries = index.offsets
    let count = entries.count(before: offset)
    return count < entries.count ? entries[count].position : published.position
  }
}

extension Offset {
  /// So many offsets before this one, or the first one there can be.
  func advanced(before count: Int) -> Offset {
    Offset(rawValue: max(0, rawValue - Int64(max(0, count))))
  }
}

// MARK: Growing

extension Log {
  /// Whether so much lies behind a place that a reader waits no longer for: anything at all, and so
  /// many bytes in the place's segment, or the end of that one.
  ///
  /// For whoever has begun to wait. Sequentially consistent, as are the stores of the ends: one of
  /// those that move an end and that wait sees the other.
  func has(_ byteCount: Int, behind place: Place, _ isolation: ReadIsolation) -> Bool {
    switch isolation {
    case .logEnd:
      guard hasGrown(beyond: place.offset) else { return false }
      // Most want no more than that.
      guard byteCount > 1 else { return true }
      guard table.segment(after: place.segment.baseOffset) == nil else { return true }
      let position = place.segment.published.position
      // What the log's end has not reached yet is not read yet.
      guard end >= place.segment.published.offset else { return false }
      return position - place.position >= byteCount
    case .lastStable:
      guard hasStableGrown(beyond: place.offset) else { return false }
      // In front of an open transaction there is all that there will be until it ends.
      return lastStableOffset < end || has(byteCount, behind: place, .logEnd)
    case .durable:
      guard commits.hasReached(beyond: place.offset) else { return false }
      guard byteCount > 1 else { return true }
      let durable = commits.durable
      guard durable.segmentBase == place.segment.baseOffset else { return true }
      return durable.position - place.position >= byteCount
    case .highWatermark:
      guard watermark.hasReached(beyond: place.offset) else { return false }
      guard byteCount > 1 else { return true }
      let watermark = highWatermark
      let segment = place.segment
      guard table.floor(of: watermark) === segment else { return true }
      return segment.latestPosition(of: watermark) - place.position >= byteCount
    }
  }

  /// Whether a log grows for those who read so far: where it does not, another process would have to
  /// say that it has.
  func checkWaitable(_ isolation: ReadIsolation) throws(LogError) {
    guard [.logEnd, .lastStable].contains(isolation) || mode == .readWrite else {
      throw LogError(
        .invalidArgument,
        "the log was opened to read: what another process makes durable is not told here")
    }
  }

  func waiters(_ isolation: ReadIsolation) -> TailWaiters {
    switch isolation {
    case .logEnd, .lastStable: waiters
    case .durable: commits.watchers
    case .highWatermark: watermark.watchers
    }
  }

  /// Waits until there is so much behind a place, or the log is closed, or it is time, or the task is
  /// cancelled.
  func wait(
    for byteCount: Int, behind place: Place, _ isolation: ReadIsolation, until deadline: Int64?
  ) async {
    await waiters(isolation).wait(until: deadline) {
      // Whoever does not write the log must look for what is written, and time is told by upkeep.
      if self.mode == .readOnly || deadline != nil { self.runtime.maintenance.wake(self) }
      return self.has(byteCount, behind: place, isolation)
    }
  }
}
