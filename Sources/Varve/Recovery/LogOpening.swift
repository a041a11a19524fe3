internal import VarveSystem

/// Opens a log: finds its segments, and where it ends.
struct LogOpening {
  let directory: String
  let mode: Log.Mode
  let configuration: LogConfiguration
  let environment: LogEnvironment
  /// That of the store in which the log lies.
  var storeLock: DirectoryLock?
  /// Whether a log that is as a close left it says that it is open with its first change alone. What opens
  /// then syncs nothing, and it is the first change that waits for the device.
  var saysOpenLate = false

  var fileSystem: any FileSystem { environment.fileSystem }

  func open() throws(LogError) -> OpenedLog {
    try configuration.validate()
    guard mode == .readWrite else {
      return try naming { () throws(SystemError) in try openToRead() }
    }
    if storeLock == nil { try refuseDirectoryOfKafka() }
    let lock = try takeLock()
    do throws(LogError) {
      return try openToWrite().holding(lock)
    } catch {
      lock.release()
      throw error
    }
  }

  /// Before anything in the directory is changed.
  private func takeLock() throws(LogError) -> DirectoryLock {
    if let storeLock { return DirectoryLock(directory, under: storeLock) }
    try naming { () throws(SystemError) in
      try NewDirectories(fileSystem: fileSystem).make(directory)
    }
    return try DirectoryLock.take(in: directory, environment)
  }

  /// Says of what fails what it was for.
  func naming<Result: ~Copyable>(
    _ body: () throws(SystemError) -> Result
  ) throws(LogError) -> Result {
    do throws(SystemError) {
      return try body()
    } catch {
      throw LogError(error, "open the log at \(directory)")
    }
  }

  /// A partition of a Kafka log directory is under that directory's lock and marker, which a single
  /// log does not handle. The lock's name alone says nothing: others call a file `.lock`, too.
  private func refuseDirectoryOfKafka() throws(LogError) {
    let slash = directory.lastIndex(of: "/")
    guard slash != directory.startIndex else { return }
    let parent = slash.map { directory[..<$0] } ?? "."
    for name in ["meta.properties", ".kafka_cleanshutdown", "recovery-point-offset-checkpoint"] {
      let isThere = (try? fileSystem.status(at: parent + "/" + name)) != nil
      guard !isThere else {
        throw LogError(
          .invalidArgument,
          "\(parent) is a log directory of Kafka's (it holds \(name)): a log in it is opened by a "
            + "LogStore of that directory, which handles its lock and its marker")
      }
    }
  }
}

extension LogOpening {
  private func openToWrite() throws(LogError) -> OpenedLog {
    let bootID = try naming { () throws(SystemError) in try fileSystem.bootID() }
    let names = try naming { () throws(SystemError) in try fileSystem.list(directory) }
    let listing = DirectoryListing(names)
    // A directory that is refused does not get a side file.
    let isNew = !names.contains(LogFileNames.sideFile)
    if isNew { try refuseOtherFormats(in: listing, nil) }
    let (sideFile, contents) = try naming { () throws(SystemError) in
      try SideFile.open(in: directory, fileSystem, bootID: bootID)
    }
    if !isNew { try refuseOtherFormats(in: listing, contents) }
    let (found, isFinished) = try naming { () throws(SystemError) in
      try finishReplacements(names, listing)
    }
    let cut = try naming { () throws(SystemError) in
      try finishCuts(contents?.record, of: found, sideFile)
    }
    let whole = cut ?? found
    try refuseEmptied(whole, contents)
    return try recover(whole, sideFile, contents, bootID, isUntouched: cut == nil && !isFinished)
  }

  /// What there is, once it is all of a log, and whether something had to be done for that.
  private func finishReplacements(
    _ names: [String], _ listing: DirectoryListing
  ) throws(SystemError) -> (DirectoryListing, isFinished: Bool) {
    guard !listing.replacements.isEmpty else { return (listing, false) }
    _ = try InterruptedReplacement(
      directory: directory, fileSystem: fileSystem, configuration: configuration
    ).finish(names)
    return (DirectoryListing(try fileSystem.list(directory)), true)
  }

  /// Does what a crash has left undone of a cut, and removes segments that lie before the log's start.
  /// Returns what there is then; nil where there was nothing to do.
  ///
  /// One that did not get its final form on the device is gone through first: what is known of its
  /// producers may stand nowhere else.
  private func finishCuts(
    _ record: SideRecord?, of found: DirectoryListing, _ sideFile: SideFile
  ) throws(SystemError) -> DirectoryListing? {
    guard let record else { return nil }
    var listing = found
    if let cut = record.cut {
      // Its sync may have failed: then memory has what the device must have before names change.
      try sideFile.update()
      try CutFiles(directory: directory, fileSystem: fileSystem).complete(cut)
      listing = DirectoryListing(try fileSystem.list(directory))
    }
    let limit = min(record.start, record.sealedBelow)
    let gone = listing.neighbours.filter { $0.next.map { $0 <= limit } ?? false }.map(\.base)
    guard record.cut != nil || !gone.isEmpty else { return nil }
    try TrimmedFiles(directory: directory, fileSystem: fileSystem).remove(gone)
    return DirectoryListing(try fileSystem.list(directory))
  }

  /// A log whose files have all gone is not a new one: whoever took them may give them back.
  private func refuseEmptied(
    _ listing: DirectoryListing, _ contents: SideFile.Contents?
  ) throws(LogError) {
    guard listing.bases.isEmpty, let end = contents?.durableEnd, end > 0 else { return }
    throw LogError(
      .corrupt,
      "\(directory) holds no segment, where a log was that ended at \(end) or behind it; to begin a "
        + "new one there, remove \(LogFileNames.sideFile)")
  }

  /// What going through a log has come to.
  private struct Outcome {
    var active: RecoveredSegment
    var producers: ProducerRecovery
    /// Whether all is as a close left it, so that the device need not be waited for.
    var mayWait: Bool
  }

  /// - Parameter isUntouched: Whether nothing has been changed so far.
  private func recover(
    _ listing: DirectoryListing, _ sideFile: SideFile, _ contents: SideFile.Contents?,
    _ bootID: BootID, isUntouched: Bool
  ) throws(LogError) -> OpenedLog {
    var recovery = LogRecovery(self, listing, contents, bootID: bootID)
    let outcome: Outcome
    do throws(LogError) {
      outcome = try goThrough(&recovery, isUntouched: isUntouched)
    } catch {
      // The next attempt must not believe what memory holds.
      if error.systemError?.call == .syncData {
        let state: SideRecord.State = recovery.rule.isKnown ? .poisoned : .distrusted
        try? sideFile.update { ($0.state, $0.bootID) = (state, bootID.rawValue) }
      }
      throw error
    }
    return try naming { () throws(SystemError) in
      try begin(recovery, outcome, sideFile, bootID)
    }
  }

  private func goThrough(
    _ recovery: inout LogRecovery, isUntouched: Bool
  ) throws(LogError) -> Outcome {
    try naming { () throws(SystemError) in
      try removeRemains(of: recovery.listing)
      try recovery.run()
    }
    if let refusal = recovery.refusal { throw refusal }
    return try naming { () throws(SystemError) in
      try finish(&recovery, isUntouched: isUntouched)
    }
  }

  private func removeRemains(of listing: DirectoryListing) throws(SystemError) {
    for name in listing.remains {
      try fileSystem.unlink(directory + "/" + name)
    }
  }

  private func finish(
    _ recovery: inout LogRecovery, isUntouched: Bool
  ) throws(SystemError) -> Outcome {
    let active = try recovery.finish()
    let producers = try producers(recovery.listing, recovery, active)
    let isAsClosed =
      isUntouched && !recovery.listing.hasRemains && recovery.isAsClosed(active)
    let hasStrays = try producers.removeStrays(keepsLast: saysOpenLate && isAsClosed)
    return Outcome(
      active: active, producers: producers, mayWait: saysOpenLate && isAsClosed && !hasStrays)
  }

  /// Says that the log is open, with all that was found.
  private func begin(
    _ recovery: LogRecovery, _ outcome: Outcome, _ sideFile: SideFile, _ bootID: BootID
  ) throws(SystemError) -> OpenedLog {
    let (listing, contents) = (recovery.listing, recovery.contents)
    let (active, producers, mayWait) = (outcome.active, outcome.producers, outcome.mayWait)
    // What is as a close left it has its names on the device.
    if !mayWait {
      try fileSystem.syncDirectory(directory)
      if contents == nil {
        try NewDirectories(fileSystem: fileSystem).syncNames(above: directory)
      }
    }
    let start = start(contents, recovery.segments, active)
    let cleanedBelow = cleanedBelow(contents, recovery, active)
    let epochs = try epochs(
      recovery.sightings, of: recovery.segments, active, from: start,
      restingEpoch: contents?.record.restingEpoch, areAllSightings: recovery.hasSeenAll)
    let isNew = epochs.needsSave
    // Where that cannot be, it is done before the next segment is sealed.
    try? epochs.save()
    let trimmed = recovery.segments.prefix { $0.published.offset <= start }.map(\.baseOffset)
    try sideFile.start(
      SideRecord(
        state: .open, bootID: bootID.rawValue, sealedBelow: active.baseOffset,
        durable: active.mark, restingEpoch: epochs.cache.reign(before: active.baseOffset),
        start: start, cleanedBelow: cleanedBelow),
      entries: recovery.entries.counting(producers.abortedCounts), needsAll: !recovery.rule.isKnown,
      holdsBack: mayWait && !isNew && trimmed.isEmpty && configuration.preparedByteCount == 0)
    // It speaks of the end of a log that is closed.
    if mayWait, !sideFile.holdsBack { _ = try producers.removeStrays(keepsLast: false) }
    // Now that all that they knew stands elsewhere. What cannot be removed is the next opening's to remove.
    try? TrimmedFiles(directory: directory, fileSystem: fileSystem).remove(trimmed)
    return opened(
      Array(recovery.segments.dropFirst(trimmed.count)), active, from: start, epochs, producers,
      sideFile: sideFile, nextSpareNumber: (listing.spares.last ?? 0) + 1,
      cleanedBelow: cleanedBelow, isForeign: recovery.isForeign,
      recovery.report?.leavingOut(damageBefore: start))
  }

  /// What is known of producers, with its files as they are to be.
  private func producers(
    _ listing: DirectoryListing, _ recovery: LogRecovery, _ active: RecoveredSegment
  ) throws(SystemError) -> ProducerRecovery {
    var producers = ProducerRecovery(
      self, listing, recovery.segments, active, lookedThrough: recovery.lookedThrough,
      unindexed: recovery.unindexed, isForeign: !recovery.rule.isKnown)
    try producers.run()
    producers.expire(configuration.producerExpiration, now: environment.time.wallMilliseconds)
    return producers
  }
}

// MARK: To write and to read

extension LogOpening {
  /// The first offset that is there: where records were deleted up to, if the log has that still.
  func start(
    _ contents: SideFile.Contents?, _ segments: [SegmentFile], _ active: RecoveredSegment
  ) -> Offset {
    let base = segments.first?.baseOffset ?? active.baseOffset
    guard let start = contents?.record.start, start <= active.end.offset else { return base }
    return max(base, start)
  }

  /// Up to where the log was compacted, as far as all of that is there still, unchanged.
  private func cleanedBelow(
    _ contents: SideFile.Contents?, _ recovery: LogRecovery, _ active: RecoveredSegment
  ) -> Offset {
    let unknown = recovery.lookedThrough.keys.min() ?? active.baseOffset
    return min(contents?.record.cleanedBelow ?? 0, unknown, active.baseOffset)
  }

  func opened(
    _ segments: [SegmentFile], _ active: RecoveredSegment, from start: Offset,
    _ epochs: EpochLedger, _ producers: ProducerRecovery, sideFile: SideFile?,
    nextSpareNumber: Int, cleanedBelow: Offset, isForeign: Bool, _ report: RecoveryReport?
  ) -> OpenedLog {
    let scan = active.scan
    let last = SegmentFile(
      active: scan.baseOffset, end: scan.end, maxTimestamp: scan.maxTimestamp,
      name: active.name, file: active.file, index: scan.index, directory: directory,
      in: fileSystem)
    if mode == .readOnly { last.learn(inode: active.status.inode) }
    let table = SegmentTable(LogView(startOffset: start, segments: segments + [last]))
    var tail = TailState(
      segment: last, in: table, scan, file: active.file, created: active.created,
      rules: TailRules(configuration, random: environment.random))
    tail.producers = producers.table
    tail.aborted = producers.aborted
    // The last segment may have no batch of it yet, or none that the log still has.
    epochs.update { $0.goOn(in: scan.leaderEpoch, at: scan.end.offset) }
    tail.lead(epochs.cache.latest?.epoch ?? .none, behind: scan.leaderEpoch)
    if mode == .readOnly {
      tail.refusal = LogError(.invalidArgument, "the log was opened to read, not to append")
    }
    let first = segments.first?.baseOffset ?? active.baseOffset
    return OpenedLog(
      directory: directory, mode: mode, configuration: configuration, environment: environment,
      tailWriter: tailWriter, knowsResidency: kind != .tmpfs,
      keepsAllocations: keepsAllocations, table: table, sideFile: sideFile, epochs: epochs,
      nextSpareNumber: nextSpareNumber, tail: tail,
      aborted: AbortedTransactions(
        written: producers.indexed.filter { $0 >= first }, active: active.baseOffset,
        entries: producers.aborted, others: producers.unwritten, in: directory, fileSystem),
      durable: active.mark,
      cleanedBelow: cleanedBelow, isForeign: isForeign, report: report)
  }

  /// Whether space is allocated ahead here. Only where it is, is there much of it that was never
  /// written to; and other file systems than these have been wrong about where that is.
  var keepsAllocations: Bool { kind?.keepsAllocations ?? false }

  private var kind: FileSystemKind? { (try? fileSystem.space(at: directory))?.kind }

  /// How the log is to be written here.
  private var tailWriter: LogConfiguration.TailWriter {
    guard mode == .readWrite, configuration.tailWriter != .positional,
      keepsAllocations, (try? StoreGuard.install()) == true
    else { return .positional }
    return .mapped
  }
}

extension RecoveredSegment {
  /// How far the log is on the device, once this is.
  var mark: DurableMark {
    DurableMark(offset: end.offset, segmentBase: baseOffset, position: end.position)
  }
}
