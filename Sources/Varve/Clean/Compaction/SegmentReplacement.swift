internal import VarveSystem

/// Lets a segment take the place of others, as Kafka does: see ``ReplacementPaths``.
///
/// First comes what may fail, which is then on the device. The side file says what is to be believed of the
/// new segment before that has its name, so that opening finds it known, whenever a crash comes. Then
/// names change, each step on the device before the next one depends on it.
struct SegmentReplacement {
  let log: Log
  let sources: [SegmentFile]
  /// Where the next segment begins.
  let end: Offset

  init(_ log: Log, _ sources: [SegmentFile], end: Offset) {
    self.log = log
    self.sources = sources
    self.end = end
  }

  private var fileSystem: any FileSystem { log.environment.fileSystem }
  private var baseOffset: Offset { sources[0].baseOffset }

  private func paths(hasTransactions: Bool) -> ReplacementPaths {
    ReplacementPaths(
      directory: log.directory, baseOffset: baseOffset, hasTransactions: hasTransactions)
  }

  /// Makes the file in which what is kept is written.
  func begin() throws(LogError) -> CompactedFile {
    let path = paths(hasTransactions: true).path(.log, .cleaned)
    return try whileOpen { () throws(SystemError) in
      try log.sideFile?.sayOpen()
      let file = try OpenFile(path, .writingOrCreating, in: fileSystem)
      try file.truncate(to: 0)
      return CompactedFile(file, CompactionPace(log: log))
    }
  }

  /// Removes what was written and is of no use. Once the log is closed, that is its next holder's.
  func abandon() { try? log.removeUndecided() }

  /// Does something to names while the log is this process's, and nobody else changes any.
  private func whileOpen<Result>(
    _ body: () throws(SystemError) -> Result
  ) throws(LogError) -> Result {
    try log.sealing.withLock { _ throws(LogError) in
      try log.checkReplaceable()
      return try naming(body)
    }
  }

  func naming<Result>(
    _ body: () throws(SystemError) -> Result
  ) throws(LogError) -> Result {
    do throws(SystemError) {
      return try body()
    } catch {
      throw LogError(error, "compact the segment \(baseOffset) of \(log.directory)")
    }
  }
}

// MARK: Taking their place

extension SegmentReplacement {
  /// Lets what was written take the place of the others.
  func perform(
    with written: CompactedFile, _ aborted: [AbortedTransaction]
  ) throws(LogError) {
    let file = written.file
    let scan = try settle(file, byteCount: written.byteCount)
    let paths = paths(hasTransactions: !aborted.isEmpty)
    // The last to let go of a file without a name waits until its space is free.
    let files = sources.compactMap { $0.parts.file }
    defer { log.runtime.reap(files) }
    try log.sealing.withLock { _ throws(LogError) in
      try log.checkReplaceable()
      guard log.table.has(sources) else {
        throw LogError(.retry, "segments of \(log.directory) have gone that were being compacted")
      }
      try naming { () throws(SystemError) in
        try prepare(paths, file, scan, aborted)
        try paths.rename(from: .cleaned, to: .swap, in: fileSystem)
      }
      try takeOver(paths, newSegment(file, scan), aborted)
    }
  }

  /// Brings the file to the device, with the time of the last of the others, and reads it once more: what
  /// takes the place of something is known to be right.
  private func settle(_ file: OpenFile, byteCount: Int) throws(LogError) -> SegmentScan {
    var scan: SegmentScan
    do throws(SystemError) {
      let modified = try sources[sources.count - 1].openFile().status().modified
      try fileSystem.setModified(file.descriptor, to: modified)
      try file.syncAll()
      scan = try SegmentScan(of: baseOffset, byteCount: byteCount, log.configuration)
      try scan.run(through: file, SegmentScan.Bounds(byteCount: byteCount, nextBase: end))
    } catch {
      throw LogError(error, "compact the segment \(baseOffset) of \(log.directory)")
    }
    guard scan.fault == nil, scan.end.position == byteCount else {
      throw scan.fault
        ?? LogError(.corrupt, "the segment \(baseOffset) did not come out whole at its compaction")
    }
    scan.index.append(scan.finalTime, isFinal: true)
    scan.skip(to: SegmentEnd(offset: end, position: byteCount))
    return scan
  }

  /// What is decided upon is there, and known, before it is.
  private func prepare(
    _ paths: ReplacementPaths, _ file: OpenFile, _ scan: SegmentScan,
    _ aborted: [AbortedTransaction]
  ) throws(SystemError) {
    try write(scan.index.offsetBytes, to: paths.path(.offsetIndex, .cleaned))
    try write(scan.index.timeBytes, to: paths.path(.timeIndex, .cleaned))
    if !aborted.isEmpty {
      let bytes = aborted.flatMap(\.encoded)
      try write(unsafe bytes.span.bytes, to: paths.path(.transactionIndex, .cleaned))
    }
    try fileSystem.syncDirectory(log.directory)
    try log.sideFile?.update(adding: [.seal(try seal(file, scan))])
  }

  private func write(_ bytes: RawSpan, to path: String) throws(SystemError) {
    let file = try OpenFile(path, .writingOrCreating, in: fileSystem)
    try file.truncate(to: 0)
    try file.write(bytes, at: 0)
    try file.syncData()
  }

  private func seal(_ file: OpenFile, _ scan: SegmentScan) throws(SystemError) -> Seal {
    let status = try file.status()
    return Seal(
      baseOffset: baseOffset, end: scan.end, inode: status.inode, modified: status.modified,
      digest: scan.digest, maxTimestamp: scan.maxTimestamp, sealedAt: sealedAt.rawValue)
  }

  /// No record is younger than the last of the others.
  var sealedAt: Timestamp {
    sources.compactMap(\.sealedAt).max()
      ?? Timestamp(rawValue: log.environment.time.wallMilliseconds)
  }
}
