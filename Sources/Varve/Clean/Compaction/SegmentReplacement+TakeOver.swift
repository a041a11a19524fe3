internal import VarveSystem

// What follows once it is decided that segments take the place of others. Where something fails from here
// on, the next opening does it, and until then the log takes no more appends.

extension SegmentReplacement {
  /// Lets readers go on in the new segments, takes the names of the others away, and gives them their own.
  func takeOver(_ successors: [SegmentSuccessor]) throws(LogError) {
    let segments = successors.map(newSegment)
    do throws(SystemError) {
      try log.syncNames()
      switchOver(to: segments, successors)
      try removeOthers(successors)
      try log.syncNames()
      for successor in successors {
        try successor.paths.rename(from: .swap, to: nil, in: log.environment.fileSystem)
      }
      try log.syncNames()
    } catch {
      let failure = LogError(
        error, "let \(baseOffset) of \(log.directory) replace others; open the log again")
      log.tail.withLock { $0.refuse(failure) }
      throw failure
    }
    for segment in segments { didName(segment) }
    for successor in successors where !successor.aborted.isEmpty {
      log.aborted.didWrite(successor.baseOffset)
    }
  }

  private func newSegment(_ successor: SegmentSuccessor) -> SegmentFile {
    let scan = successor.scan
    let segment = SegmentFile(
      replacing: scan.baseOffset, end: scan.end, file: successor.file, index: scan.index,
      directory: log.directory, in: log.environment.fileSystem)
    segment.learn(maxTimestamp: scan.maxTimestamp)
    segment.learn(sealedAt: sealedAt)
    segment.learn(content: .init(end: scan.end.position, digest: scan.digest))
    return segment
  }

  private func switchOver(to segments: [SegmentFile], _ successors: [SegmentSuccessor]) {
    // Nobody has changed the log's segments since they were compared.
    _ = log.table.replace(sources, by: segments)
    log.aborted.replace(
      sources.map(\.baseOffset), by: successors.map { ($0.baseOffset, $0.aborted) })
    log.runtime.segments.forget(sources)
  }

  private func removeOthers(_ successors: [SegmentSuccessor]) throws(SystemError) {
    let fileSystem = log.environment.fileSystem
    try TrimmedFiles(directory: log.directory, fileSystem: fileSystem)
      .remove(sources.dropFirst().map(\.baseOffset))
    guard successors[0].aborted.isEmpty else { return }
    try fileSystem.unlinkIfThere(successors[0].paths.path(.transactionIndex, nil))
  }

  /// Until now it could not have been opened by its name.
  private func didName(_ segment: SegmentFile) {
    log.runtime.segments.didOpenFile(of: segment.parts)
    if let index = segment.parts.index {
      log.runtime.segments.didLoadIndex(of: segment.parts, byteCount: index.byteCount)
    }
  }
}

extension Log {
  /// Removes what is left of a replacement that has failed before it was decided upon: beside that, the
  /// next one would be undone. Where one has failed later, the log takes no more appends, nor this.
  func removeUndecided() throws(LogError) {
    try sealing.withLock { _ throws(LogError) in
      try checkReplaceable()
      do throws(SystemError) {
        try InterruptedReplacement(of: self).undo(try environment.fileSystem.list(directory))
      } catch {
        throw LogError(error, "remove what a compaction of \(directory) has left")
      }
    }
  }

  /// Whether segments may take the place of others: while the log is this process's, and takes appends.
  func checkReplaceable() throws(LogError) {
    guard directoryLock?.isHeld == true else { throw .closed }
    if let refusal = tail.withLock({ $0.refusal }) { throw refusal }
  }
}
