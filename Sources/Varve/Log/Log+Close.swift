internal import VarveSystem

extension Log {
  /// Closes the log: everything is on the device, in its final form, when this returns.
  ///
  /// What waits for the log to grow ends; slices that are held stay valid. The directory is given up
  /// in any case, also where closing fails. To close a closed log does nothing.
  public func close() async throws(LogError) {
    try await runtime.workers.run { () throws(LogError) in try self.closeNow() }
  }

  /// Closes the log, and waits for it. For threads that may.
  @available(*, noasync, message: "closing waits for the device; use the async form")
  public func close() throws(LogError) { try closeNow() }

  private func closeNow() throws(LogError) {
    defer {
      endWaits(.closed)
      runtime.segments.forget(table.current.segments)
      flushEvents()
    }
    guard mode == .readWrite else { return }
    try commits.end(.closed) { () throws(LogError) in
      try closeToWrite()
      return commits.durable
    }
  }

  /// Neither the log's end moves any more, nor what is durable or replicated of it.
  func endWaits(_ reason: LogError) {
    waiters.end(reason)
    commits.watchers.end(reason)
    watermark.watchers.end(reason)
  }

  private func closeToWrite() throws(LogError) {
    guard var last = try stop() else { return }
    // Before the sync, as in sealing.
    last.mapping = nil
    try sealing.withLock { [last] _ throws(LogError) in
      defer { giveUpDirectory() }
      // Whoever was at work on the segments may have met with it since appends have ended.
      try checkPoison()
      if staysClosed(last) { return settle(last) }
      try sayOpen()
      try removeDiscarded()
      _ = sealQueue.add(last.seals, now: .max)
      while let job = sealQueue.next() {
        try seal(job, syncs: true)
        sealQueue.didFinishFirst()
      }
      try syncSealed()
      rewriteIndexes()
      // What was begun and has no batch is forgotten, as Kafka forgets it.
      epochs.update { $0.truncate(from: last.end.offset) }
      try epochs.save()
      let file = try trimmed(last.segment, to: last.end.position)
      do throws(SystemError) {
        try finish(last, file)
      } catch {
        throw LogError(error, "close the log at \(directory)")
      }
    }
  }

  /// Ends appends and preparing; nil if the log was closed before.
  private func stop() throws(LogError) -> Last? {
    do throws(LogError) {
      return try upkeep.withLock { upkeep throws(LogError) in
        let last = try stopAppends()
        if last != nil { stopPreparing(&upkeep) }
        return last
      }
    } catch {
      // Once nobody is at work on a segment any more.
      sealing.withLock { _ in giveUpDirectory() }
      throw error
    }
  }

  /// What a log leaves when no more is appended.
  private struct Last {
    var segment: SegmentFile
    var index: IndexMemory
    var end: SegmentEnd
    var seals: [SealJob]
    var spare: Spare?
    var mapping: Mapping?
    var record: SideRecord.LastSegment
    var finalTime: TimeIndexEntry
    var producers: FrozenProducers
    var aborted: [AbortedTransaction]
  }

  /// Takes no more appends; nil if the log was closed before.
  private func stopAppends() throws(LogError) -> Last? {
    try tail.withLock { tail throws(LogError) -> Last? in
      if let refusal = tail.refusal {
        guard refusal.code == .closed else { throw refusal }
        return nil
      }
      tail.refuse(.closed)
      defer { (tail.seals, tail.spare, tail.file) = ([], nil, nil) }
      return Last(
        segment: tail.segment, index: tail.index, end: tail.end, seals: tail.seals,
        spare: tail.spare, mapping: tail.dropMapping(), record: tail.record,
        finalTime: tail.finalTime, producers: tail.producers.frozen, aborted: tail.aborted)
    }
  }

  /// Whether the log is as it was when it was closed before, and so are its files: nothing is written then.
  private func staysClosed(_ last: Last) -> Bool {
    guard last.segment.damage.isEmpty, indexRewrites.withLock({ $0.isEmpty }) else { return false }
    return sideFile?.stayClosed() ?? false
  }

  /// Gives the last segment its final form, and says so in the side file.
  private func finish(_ last: Last, _ file: OpenFile) throws(SystemError) {
    let fileSystem = environment.fileSystem
    last.index.append(last.finalTime, isFinal: true)
    try sync(file)
    try IndexFiles.write(last.index, of: last.segment.path, in: fileSystem)
    try ProducerFiles.write(last.aborted, of: last.segment.path, in: fileSystem)
    if last.end.offset > 0 {
      try ProducerFiles.write(
        last.producers.snapshot, at: last.end.offset, in: directory, fileSystem)
    }
    try removeWhatIsLeft(behind: last.end.offset)
    try fileSystem.syncDirectory(directory)
    let status = try file.status()
    var record = last.record
    record.inode = status.inode
    record.modified = status.modified
    // Batches that lie before the log's start still count.
    let reign = epochs.cache.reign(before: last.end.offset)
    if let reign {
      record.leaderEpoch = reign.epoch
    } else if start < last.end.offset {
      record.leaderEpoch = .none
    }
    let mark = DurableMark(
      offset: last.end.offset, segmentBase: last.segment.baseOffset, position: last.end.position)
    try sideFile?.update(adding: last.segment.damage.map { .damage($0) }) { side in
      side.state = .closed
      side.last = record
      side.restingEpoch = reign
      side.durable = max(side.durable, mark)
    }
    commits.advance(to: mark)
    settle(last)
  }

  /// From now on the last segment is like all others.
  private func settle(_ last: Last) {
    sideFile?.rest()
    last.segment.parts.didSeal()
    runtime.segments.didLoadIndex(of: last.segment.parts, byteCount: last.index.byteCount)
  }

  /// Removes the files that are no part of the log: the spare, what a failure may have left, what a
  /// compaction is writing that does not know yet that it is in vain, and what was known of producers where
  /// the log ended before.
  private func removeWhatIsLeft(behind end: Offset) throws(SystemError) {
    let names = try environment.fileSystem.list(directory)
    try InterruptedReplacement(of: self).undo(names)
    let listing = DirectoryListing(names)
    let kept = Set(table.current.segments.map(\.baseOffset) + [end])
    let snapshots = listing.snapshots.filter { !kept.contains($0) }
      .map { SegmentFileName($0, .producerSnapshot).description }
    let spares = listing.spares.map { LogFileNames.spare($0) }
    for name in spares + listing.temporaries + snapshots {
      try environment.fileSystem.unlink(directory + "/" + name)
    }
  }
}

extension TailState {
  /// What the side file is to say of the last segment, but for what its file system says.
  var record: SideRecord.LastSegment {
    SideRecord.LastSegment(
      baseOffset: segment.baseOffset, end: end, inode: 0, modified: 0, created: facts.created,
      maxTimestamp: maxTimestamp, maxTimestampOffset: maxTimestampOffset,
      firstTimestamp: Timestamp(rawValue: facts.firstTimestamp ?? -1), leaderEpoch: leaderEpoch,
      digest: digest, abortedCount: aborted.count)
  }
}
