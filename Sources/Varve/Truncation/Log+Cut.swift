internal import Synchronization
internal import VarveSystem

// How a cut is done, by whoever has the log alone. Where something fails before the side file says that
// the log is cut, it is as it was; from then on, it is done by the next opening.

extension Log {
  func perform(_ planned: PlannedCut) throws(LogError) {
    let cut = planned.cut
    try sayOpen()
    let files = CutFiles(directory: directory, fileSystem: environment.fileSystem)
    let file: OpenFile
    do throws(SystemError) {
      file = try files.prepare(cut, from: try planned.segment?.openFile())
    } catch {
      throw LogError(error, "write what is kept of \(directory)")
    }
    let producers = try producers(behind: planned, file)
    try cutEpochs(at: cut)
    do throws(SystemError) {
      try note(cut)
      switchOver(to: planned, file, producers)
      try files.complete(cut)
      try sideFile?.update { ($0.cut, $0.durable) = (nil, cut.end) }
    } catch {
      let failure = LogError(error, "cut \(directory) at \(cut.end.offset); open the log again")
      tail.withLock { $0.refuse(failure) }
      throw failure
    }
    tell(.truncated(to: cut.end.offset))
  }

  /// Before the log is cut: who is missing in the file is found again in batches, which the side file
  /// has looked at then.
  private func cutEpochs(at cut: LogCut) throws(LogError) {
    let before = epochs.cache
    epochs.update { $0.truncate(from: cut.isFresh ? 0 : cut.end.offset) }
    do throws(LogError) {
      try epochs.save()
    } catch {
      epochs.update { $0 = before }
      throw error
    }
  }

  /// From here on the log is cut. What is said of segments that are cut, or gone, goes with that, and
  /// nothing is durable any more that lies behind.
  private func note(_ cut: LogCut) throws(SystemError) {
    let reign = epochs.cache.reign(before: cut.end.segmentBase)
    try sideFile?.forget(segmentsFrom: cut.isFresh ? 0 : cut.end.segmentBase) {
      $0.cut = cut
      // No higher: the note of it goes before, and of the log as it was it would not be true.
      $0.durable = min($0.durable, cut.end)
      $0.sealedBelow = cut.isFresh ? cut.end.segmentBase : min($0.sealedBelow, cut.end.segmentBase)
      $0.restingEpoch = reign
      $0.start = cut.isFresh ? cut.end.offset : min($0.start, cut.end.offset)
      $0.cleanedBelow = min($0.cleanedBelow, cut.end.offset)
    }
    cleaning.withLock { state in
      state.cleanedBelow = min(state.cleanedBelow, cut.end.offset)
      state.cutCount += 1
    }
  }

  /// Lets appends and readers go on in the new file.
  private func switchOver(
    to planned: PlannedCut, _ file: OpenFile, _ producers: ProducerRecovery
  ) {
    let (cut, scan) = (planned.cut, planned.scan)
    let segment = SegmentFile(
      active: scan.baseOffset, end: scan.end, maxTimestamp: scan.maxTimestamp, name: .own,
      file: file, index: scan.index, directory: directory, in: environment.fileSystem)
    let gone = tail.withLock { tail in
      let isSame = planned.segment === tail.segment && scan.end.position > 0
      tail.goOn(
        in: segment, scan, file: file,
        created: isSame ? tail.facts.created : environment.time.wallMilliseconds)
      goOn(&tail, behind: scan.leaderEpoch)
      take(producers, from: segment.baseOffset, &tail)
      let gone = table.cut(cut, to: segment)
      publishedEnd.store(cut.end.offset.rawValue, ordering: .sequentiallyConsistent)
      return gone
    }
    runtime.segments.forget(gone)
    commits.cut(to: cut.end, isFresh: cut.isFresh)
    boundHighWatermark()
    settleTransactions()
  }
}

// MARK: Producers

extension Log {
  /// What is known of producers where the log ends then: from a snapshot, and the batches behind it.
  private func producers(
    behind planned: PlannedCut, _ file: OpenFile
  ) throws(LogError) -> ProducerRecovery {
    let cut = planned.cut
    let kept = table.current.segments.filter { cut.keeps($0.baseOffset) }
    do throws(SystemError) {
      let active = RecoveredSegment(
        file: file, name: .own, scan: planned.scan, status: try file.status(), created: 0)
      // A log that begins anew knows nobody, though there may still be a snapshot of such an offset.
      let names = cut.isFresh ? [] : try environment.fileSystem.list(directory)
      var recovery = ProducerRecovery(
        of: self, DirectoryListing(names), kept.filter { $0.baseOffset < active.baseOffset }, active
      )
      try recovery.run()
      return recovery
    } catch {
      throw LogError(error, "find out what producers sent before \(cut.end.offset) to \(directory)")
    }
  }

  /// What came to nothing behind the cut has not been.
  private func take(
    _ producers: ProducerRecovery, from base: Offset, _ tail: inout TailState
  ) {
    tail.producers = producers.table
    tail.aborted = producers.aborted
    aborted.cut(to: base, entries: producers.aborted)
    publishStability(of: tail.producers)
  }
}
