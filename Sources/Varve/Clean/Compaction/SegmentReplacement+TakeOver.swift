internal import VarveSystem

// What follows once it is decided that a segment takes the place of others. Where something fails from here
// on, the next opening does it, and until then the log takes no more appends.

extension SegmentReplacement {
  func newSegment(_ file: OpenFile, _ scan: SegmentScan) -> SegmentFile {
    let segment = SegmentFile(
      replacing: scan.baseOffset, end: scan.end, file: file, index: scan.index,
      directory: log.directory, in: log.environment.fileSystem)
    segment.learn(maxTimestamp: scan.maxTimestamp)
    segment.learn(sealedAt: sealedAt)
    segment.learn(content: .init(end: scan.end.position, digest: scan.digest))
    return segment
  }

  /// Lets readers go on in the new segment, takes the names of the others away, and gives it its own.
  func takeOver(
    _ paths: ReplacementPaths, _ segment: SegmentFile, _ aborted: [AbortedTransaction]
  ) throws(LogError) {
    do throws(SystemError) {
      try log.syncNames()
      switchOver(to: segment, aborted)
      try removeOthers(paths)
      try log.syncNames()
      try paths.rename(from: .swap, to: nil, in: log.environment.fileSystem)
      try log.syncNames()
    } catch {
      let failure = LogError(
        error, "let \(segment.baseOffset) of \(log.directory) replace others; open the log again")
      log.tail.withLock { $0.refuse(failure) }
      throw failure
    }
    // Until now it could not have been opened by its name.
    log.runtime.segments.didOpenFile(of: segment.parts)
    if let index = segment.parts.index {
      log.runtime.segments.didLoadIndex(of: segment.parts, byteCount: index.byteCount)
    }
    if !aborted.isEmpty { log.aborted.didWrite(segment.baseOffset) }
  }

  private func switchOver(to segment: SegmentFile, _ aborted: [AbortedTransaction]) {
    // Nobody has changed the log's segments since they were compared.
    _ = log.table.replace(sources, by: segment)
    log.aborted.replace(sources.map(\.baseOffset), by: aborted)
    log.runtime.segments.forget(sources)
  }

  private func removeOthers(_ paths: ReplacementPaths) throws(SystemError) {
    let fileSystem = log.environment.fileSystem
    try TrimmedFiles(directory: log.directory, fileSystem: fileSystem)
      .remove(sources.dropFirst().map(\.baseOffset))
    guard !paths.kinds.contains(.transactionIndex) else { return }
    try fileSystem.unlinkIfThere(paths.path(.transactionIndex, nil))
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
