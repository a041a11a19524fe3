internal import VarveSystem

/// Opens a log: finds its segments, and where it ends.
struct LogOpening {
  let directory: String
  let mode: Log.Mode
  let configuration: LogConfiguration
  let environment: LogEnvironment

  var fileSystem: any FileSystem { environment.fileSystem }

  func open() throws(LogError) -> OpenedLog {
    try configuration.validate()
    if mode == .readWrite { try refuseDirectoryOfKafka() }
    do throws(SystemError) {
      switch mode {
      case .readWrite: return try openToWrite()
      case .readOnly: return try openToRead()
      }
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

// MARK: To write

extension LogOpening {
  private func openToWrite() throws(SystemError) -> OpenedLog {
    try makeDirectories(directory)
    let bootID = try fileSystem.bootID()
    let listing = DirectoryListing(try fileSystem.list(directory))
    let (sideFile, record) = try SideFile.open(in: directory, fileSystem, bootID: bootID)
    for name in listing.temporaries { try fileSystem.unlink(directory + "/" + name) }

    var segments = try sealedSegments(listing.bases)
    var active = try openActive(listing, record)
    var events: [LogEvent] = []
    for number in listing.spares {
      active = try adoptOrRemove(number, record, behind: active, &segments)
    }
    let cut = active.byteCount - active.scan.end.position
    if cut > 0 {
      try active.file.truncate(to: active.scan.end.position)
      // Before anything is appended: what was cut off could come back with the next power cut, and
      // where appends have closed the gap by then, its offsets would go on where theirs end.
      try active.file.syncData()
    }
    if record?.state == .open {
      events.append(.recovered(end: active.scan.end.offset, cutByteCount: cut))
    }
    try fileSystem.syncDirectory(directory)
    if record == nil { try syncDirectories(above: directory) }
    let base = active.scan.index.baseOffset
    try sideFile.update { record in
      record = SideRecord(
        state: .open, bootID: bootID.rawValue, sealedBelow: base, last: nil)
    }
    return opened(
      segments, active, sideFile: sideFile, nextSpareNumber: (listing.spares.last ?? 0) + 1, events)
  }

  private func makeDirectories(_ path: String) throws(SystemError) {
    do throws(SystemError) {
      guard try fileSystem.status(at: path).kind != .directory else { return }
      throw SystemError(.open, .notDirectory)
    } catch {
      guard error.errno == .noSuchFile else { throw error }
    }
    if let parent = parent(of: path), parent != "/" { try makeDirectories(parent) }
    do throws(SystemError) {
      try fileSystem.makeDirectory(path)
    } catch {
      // Somebody else may have been quicker.
      guard error.errno == .exists else { throw error }
    }
  }

  private func parent(of path: String) -> String? {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
  }

  /// Makes the names durable that lead to a new log, and perhaps were made with it, perhaps by an
  /// attempt to open it that did not come this far.
  private func syncDirectories(above path: String) throws(SystemError) {
    var path = path
    while path != "/", path != "." {
      let directory = parent(of: path) ?? "."
      do throws(SystemError) {
        try fileSystem.syncDirectory(directory)
      } catch {
        // What may not be opened was not made by us.
        guard error.errno == .accessDenied else { throw error }
      }
      path = directory
    }
  }

  /// Segments with another one behind them: whole, by the order in which they got their names.
  private func sealedSegments(_ bases: [Offset]) throws(SystemError) -> [SegmentFile] {
    var segments: [SegmentFile] = []
    for (base, next) in zip(bases, bases.dropFirst()) {
      let path = SegmentPath(directory: directory, baseOffset: base)
      let byteCount = try fileSystem.status(at: path.log).byteCount
      segments.append(
        SegmentFile(
          sealed: base, end: SegmentEnd(offset: next, position: byteCount), directory: directory,
          in: fileSystem))
    }
    return segments
  }

  /// The last segment that has its name; made, if there is none.
  private func openActive(
    _ listing: DirectoryListing, _ record: SideRecord?
  ) throws(SystemError) -> ActiveSegment {
    let base = listing.bases.last ?? 0
    let path = SegmentPath(directory: directory, baseOffset: base)
    let file = try OpenFile(
      path.log, listing.bases.isEmpty ? .creating : .writing, in: fileSystem)
    let status = try file.status()
    if listing.spares.isEmpty, let record,
      let trusted = try trust(record, base, file, status, path)
    {
      return trusted
    }
    let scan = try SegmentScan(
      file, baseOffset: base, limit: status.byteCount, configuration: configuration)
    try settle(scan, file, record)
    return ActiveSegment(
      file: file, name: .own, scan: scan, created: created(status), byteCount: status.byteCount)
  }

  /// Writes the bytes that are kept once more, where they may be in memory alone though no sync
  /// would write them: after a failed one the kernel takes pages for clean that the device does not
  /// have. A machine that has started anew has read them from there. Now they are dirty again, and
  /// whichever sync comes next takes them along.
  private func settle(
    _ scan: SegmentScan, _ file: OpenFile, _ record: SideRecord?
  ) throws(SystemError) {
    guard let record, record.state == .open, record.bootID == (try fileSystem.bootID()).rawValue
    else { return }
    let buffer = ByteStorage(capacity: LogLimits.readByteCount)
    var position = 0
    while position < scan.end.position {
      let wanted = min(buffer.capacity, scan.end.position - position)
      // SAFETY: within the buffer, which nobody else has.
      let memory = unsafe UnsafeMutableRawBufferPointer(start: buffer.base, count: wanted)
      let count = try unsafe file.read(into: memory, at: position)
      guard count > 0 else { return }
      try unsafe file.write(
        from: UnsafeRawBufferPointer(rebasing: memory[..<count]), at: position)
      position += count
    }
  }

  /// What the side file says of the last segment, where that is still what it speaks of.
  private func trust(
    _ record: SideRecord, _ base: Offset, _ file: OpenFile, _ status: FileStatus,
    _ path: SegmentPath
  ) throws(SystemError) -> ActiveSegment? {
    guard record.state == .closed, let last = record.last, last.baseOffset == base,
      last.end.position == status.byteCount, last.inode == status.inode,
      last.modified == status.modified,
      let index = try IndexFiles.read(
        path, end: last.end,
        limits: IndexLimits(
          configuration, segmentByteCount: max(status.byteCount, configuration.segmentByteCount)),
        in: fileSystem)
    else { return nil }
    index.reopen()
    let scan = SegmentScan(last, index)
    return ActiveSegment(
      file: file, name: .own, scan: scan, created: last.created, byteCount: status.byteCount)
  }

  private func created(_ status: FileStatus) -> Int64 {
    // When it was begun is not kept; when it was written to last is no earlier.
    status.byteCount > 0 ? status.modified / 1_000_000 : environment.time.wallMilliseconds
  }

  /// A spare that holds batches which go on where the log ends is part of it: the process ended
  /// before it got its name. Any other one is removed.
  private func adoptOrRemove(
    _ number: Int, _ record: SideRecord?, behind active: ActiveSegment,
    _ segments: inout [SegmentFile]
  ) throws(SystemError) -> ActiveSegment {
    let path = directory + "/" + LogFileNames.spare(number)
    let file = try OpenFile(path, .writing, in: fileSystem)
    let status = try file.status()
    let end = active.scan.end
    let scan = try SegmentScan(
      file, baseOffset: end.offset, limit: status.byteCount, configuration: configuration,
      continuity: .contiguous)
    guard scan.end.position > 0 else {
      try fileSystem.unlink(path)
      return active
    }
    try settle(scan, file, record)
    try finish(active)
    // As in a roll: the names of all that lies before it are durable before it gets its own, which
    // is when the next one is adopted, or the log is open.
    try fileSystem.syncDirectory(directory)
    try fileSystem.rename(
      path, to: SegmentPath(directory: directory, baseOffset: end.offset).log)
    let sealed = SegmentFile(
      sealed: active.scan.index.baseOffset, end: end, directory: directory, in: fileSystem)
    sealed.learn(maxTimestamp: active.scan.maxTimestamp)
    segments.append(sealed)
    return ActiveSegment(
      file: file, name: .own, scan: scan, created: created(status), byteCount: status.byteCount)
  }

  /// Gives a segment its final form, in the order of a roll.
  private func finish(_ active: ActiveSegment) throws(SystemError) {
    try active.file.truncate(to: active.scan.end.position)
    try active.file.syncData()
    active.scan.index.append(active.scan.finalTime, isFinal: true)
    try IndexFiles.write(
      active.scan.index,
      of: SegmentPath(directory: directory, baseOffset: active.scan.index.baseOffset),
      in: fileSystem)
  }
}

// MARK: To read

extension LogOpening {
  private func openToRead() throws(SystemError) -> OpenedLog {
    let last = DirectoryListing(try fileSystem.list(directory)).bases.last ?? 0
    // Twice, since another process may be at it.
    let bases = DirectoryListing(try fileSystem.list(directory)).bases.filter { $0 <= last }
    let segments = try sealedSegments(bases)
    let base = bases.last ?? 0
    let path = SegmentPath(directory: directory, baseOffset: base)
    let file = try OpenFile(path.log, .reading, in: fileSystem)
    let status = try file.status()
    let scan = try SegmentScan(
      file, baseOffset: base, limit: status.byteCount, configuration: configuration)
    let active = ActiveSegment(
      file: file, name: .own, scan: scan, created: created(status), byteCount: status.byteCount)
    return opened(segments, active, sideFile: nil, nextSpareNumber: 0, [])
  }

  private func opened(
    _ segments: [SegmentFile], _ active: ActiveSegment, sideFile: SideFile?,
    nextSpareNumber: Int, _ events: [LogEvent]
  ) -> OpenedLog {
    let scan = active.scan
    let last = SegmentFile(
      active: scan.index.baseOffset, end: scan.end, maxTimestamp: scan.maxTimestamp,
      name: active.name, file: active.file, index: scan.index, directory: directory,
      in: fileSystem)
    let table = SegmentTable(
      LogView(
        startOffset: segments.first?.baseOffset ?? last.baseOffset, segments: segments + [last]))
    var tail = TailState(
      segment: last, in: table, index: scan.index, file: active.file, created: active.created,
      firstTimestamp: scan.firstTimestamp?.rawValue, maxTimestampOffset: scan.maxTimestampOffset,
      leaderEpoch: scan.leaderEpoch,
      rules: TailRules(configuration, random: environment.random))
    if mode == .readOnly {
      tail.refusal = LogError(.invalidArgument, "the log was opened to read, not to append")
    }
    return OpenedLog(
      directory: directory, mode: mode, configuration: configuration, environment: environment,
      tailWriter: tailWriter, knowsResidency: kind != .tmpfs, table: table, sideFile: sideFile,
      nextSpareNumber: nextSpareNumber,
      tail: tail, events: events)
  }

  private var kind: FileSystemKind? { (try? fileSystem.space(at: directory))?.kind }

  /// How the log is to be written here.
  private var tailWriter: LogConfiguration.TailWriter {
    guard mode == .readWrite, configuration.tailWriter != .positional,
      kind?.keepsAllocations == true, (try? StoreGuard.install()) == true
    else { return .positional }
    return .mapped
  }
}

/// The segment that is to be written on.
struct ActiveSegment {
  var file: OpenFile
  var name: SegmentFile.Name
  var scan: SegmentScan
  /// When it was begun, by the wall clock.
  var created: Int64
  /// Bytes of its file.
  var byteCount: Int
}
