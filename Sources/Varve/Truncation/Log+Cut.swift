internal import Synchronization
internal import VarveSystem

// How a cut is done, by whoever has the log alone. Where something fails before the side file says that
// the log is cut, it is as it was; from then on, it is done by the next opening.

extension Log {
  func perform(_ planned: PlannedCut) throws(LogError) {
    let cut = planned.cut
    let files = CutFiles(directory: directory, fileSystem: environment.fileSystem)
    let file: OpenFile
    do throws(SystemError) {
      file = try files.prepare(cut, from: try planned.segment?.openFile())
    } catch {
      throw LogError(error, "write what is kept of \(directory)")
    }
    try cutEpochs(at: cut)
    do throws(SystemError) {
      try note(cut)
      switchOver(to: planned, file)
      try files.complete(cut)
      try sideFile?.update { $0.cut = nil }
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
      $0.durable = cut.end
      $0.sealedBelow = cut.isFresh ? cut.end.segmentBase : min($0.sealedBelow, cut.end.segmentBase)
      $0.restingEpoch = reign
    }
  }

  /// Lets appends and readers go on in the new file.
  private func switchOver(to planned: PlannedCut, _ file: OpenFile) {
    let (cut, scan) = (planned.cut, planned.scan)
    let segment = SegmentFile(
      active: scan.baseOffset, end: scan.end, maxTimestamp: scan.maxTimestamp, name: .own,
      file: file, index: scan.index, directory: directory, in: environment.fileSystem)
    let gone = tail.withLock { tail in
      let isSame = planned.segment === tail.segment && scan.end.position > 0
      tail.goOn(
        in: segment, scan, file: file,
        created: isSame ? tail.facts.created : environment.time.wallMilliseconds)
      tail.leaderEpoch = epochs.cache.latest?.epoch ?? .none
      let gone = table.cut(cut, to: segment)
      publishedEnd.store(cut.end.offset.rawValue, ordering: .sequentiallyConsistent)
      return gone
    }
    for segment in gone { segment.remove(.cut(at: cut.end.offset)) }
    runtime.segments.forget(gone)
    commits.cut(to: cut.end)
    deriveAnew()
  }

  /// What follows from the log's batches, and is kept apart from them, follows from those that are left.
  private func deriveAnew() {
    boundHighWatermark()
  }
}
