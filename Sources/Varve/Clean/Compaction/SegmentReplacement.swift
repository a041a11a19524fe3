internal import VarveSystem

/// Lets a segment take the place of others, as Kafka does: see ``ReplacementPaths``. Where one is not enough,
/// several do, all at once.
///
/// First comes what may fail, which is then on the device. The side file says what is to be believed of the
/// new segments before they have their names, so that opening finds them known, whenever a crash comes. Then
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
  /// Where the first of the new segments begins, as the first of the others does.
  var baseOffset: Offset { sources[0].baseOffset }

  /// Makes the file of a new segment.
  func begin(_ baseOffset: Offset) throws(LogError) -> CompactedFile {
    let name = SegmentFileName(baseOffset, .log, transition: .cleaned)
    return try whileOpen { () throws(SystemError) in
      try log.sideFile?.sayOpen()
      let file = try OpenFile(
        log.directory + "/" + name.description, .writingOrCreating, in: fileSystem)
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
  ///
  /// - Parameter aborted: The transactions whose markers stand in it.
  func perform(
    with written: [CompactedSegment], _ aborted: [AbortedTransaction]
  ) throws(LogError) {
    var successors: [SegmentSuccessor] = []
    for segment in written { successors.append(try settle(segment, aborted)) }
    // The last to let go of a file without a name waits until its space is free.
    let files = sources.compactMap { $0.parts.file }
    defer { log.runtime.reap(files) }
    try log.sealing.withLock { _ throws(LogError) in
      try log.checkReplaceable()
      guard log.table.has(sources) else {
        throw LogError(.retry, "segments of \(log.directory) have gone that were being compacted")
      }
      try naming { () throws(SystemError) in
        try prepare(successors)
        try decide(successors)
      }
      try takeOver(successors)
    }
  }

  /// Brings a file to the device, with the time of the last of the others, and reads it once more: what
  /// takes the place of something is known to be right.
  private func settle(
    _ written: CompactedSegment, _ aborted: [AbortedTransaction]
  ) throws(LogError) -> SegmentSuccessor {
    let (file, byteCount) = (written.file.file, written.file.byteCount)
    var scan: SegmentScan
    do throws(SystemError) {
      let modified = try sources[sources.count - 1].openFile().status().modified
      try fileSystem.setModified(file.descriptor, to: modified)
      try file.syncAll()
      scan = try SegmentScan(of: written.baseOffset, byteCount: byteCount, log.configuration)
      try scan.run(through: file, SegmentScan.Bounds(byteCount: byteCount, nextBase: written.end))
    } catch {
      throw LogError(error, "compact the segment \(baseOffset) of \(log.directory)")
    }
    guard scan.fault == nil, scan.end.position == byteCount else {
      throw scan.fault
        ?? LogError(.corrupt, "the segment \(baseOffset) did not come out whole at its compaction")
    }
    scan.index.append(scan.finalTime, isFinal: true)
    scan.skip(to: SegmentEnd(offset: written.end, position: byteCount))
    return SegmentSuccessor(
      file: file, scan: scan, aborted: aborted.filter { written.offsets.contains($0.lastOffset) },
      directory: log.directory)
  }

  /// What is decided upon is there, and known, before it is.
  private func prepare(_ successors: [SegmentSuccessor]) throws(SystemError) {
    for successor in successors {
      let (paths, index) = (successor.paths, successor.scan.index)
      try write(index.offsetBytes, to: paths.path(.offsetIndex, .cleaned))
      try write(index.timeBytes, to: paths.path(.timeIndex, .cleaned))
      guard !successor.aborted.isEmpty else { continue }
      let bytes = successor.aborted.flatMap(\.encoded)
      try write(unsafe bytes.span.bytes, to: paths.path(.transactionIndex, .cleaned))
    }
    try fileSystem.syncDirectory(log.directory)
    var seals: [SideEntry] = []
    for successor in successors { seals.append(.seal(try seal(successor))) }
    try log.sideFile?.update(adding: seals)
  }

  /// The first segment decides for all, so it comes last; and what is decided must find the others decided
  /// upon: what they hold is nowhere else then.
  private func decide(_ successors: [SegmentSuccessor]) throws(SystemError) {
    for successor in successors.dropFirst() {
      try successor.paths.rename(from: .cleaned, to: .swap, in: fileSystem)
    }
    if successors.count > 1 { try fileSystem.syncDirectory(log.directory) }
    try successors[0].paths.rename(from: .cleaned, to: .swap, in: fileSystem)
  }

  private func write(_ bytes: RawSpan, to path: String) throws(SystemError) {
    let file = try OpenFile(path, .writingOrCreating, in: fileSystem)
    try file.truncate(to: 0)
    try file.write(bytes, at: 0)
    try file.syncData()
  }

  private func seal(_ successor: SegmentSuccessor) throws(SystemError) -> Seal {
    let (status, scan) = (try successor.file.status(), successor.scan)
    return Seal(
      baseOffset: scan.baseOffset, end: scan.end, inode: status.inode, modified: status.modified,
      digest: scan.digest, maxTimestamp: scan.maxTimestamp, sealedAt: sealedAt.rawValue,
      abortedCount: successor.aborted.count)
  }

  /// No record is younger than the last of the others.
  var sealedAt: Timestamp {
    sources.compactMap(\.sealedAt).max()
      ?? Timestamp(rawValue: log.environment.time.wallMilliseconds)
  }
}

/// A segment that is to take the place of others, on the device.
struct SegmentSuccessor {
  let file: OpenFile
  let scan: SegmentScan
  /// The transactions whose markers stand in it.
  let aborted: [AbortedTransaction]
  let paths: ReplacementPaths

  init(file: OpenFile, scan: SegmentScan, aborted: [AbortedTransaction], directory: String) {
    self.file = file
    self.scan = scan
    self.aborted = aborted
    paths = ReplacementPaths(
      directory: directory, baseOffset: scan.baseOffset, hasTransactions: !aborted.isEmpty)
  }

  var baseOffset: Offset { scan.baseOffset }
}
