internal import VarveSystem

/// Finds out, segment by segment, what a log's directory holds, and puts it into its final form.
///
/// Segments that are sealed are believed by their name and size. What lies behind is gone through,
/// compared with its checksums and the chain of offsets, and judged by ``RecoveryRule``. All of it may
/// be interrupted anywhere, and is simply done again.
struct LogRecovery {
  let directory: String
  let configuration: LogConfiguration
  let environment: LogEnvironment
  let listing: DirectoryListing
  /// What the side file says, if anything.
  let contents: SideFile.Contents?
  let rule: RecoveryRule
  /// Whether the machine has run on since the log was written to.
  private let isSameBoot: Bool
  /// Whether the file system tells where nothing was written to.
  private let knowsHoles: Bool

  /// The segments before the one that is to be written, once the log has been gone through.
  private(set) var segments: [SegmentFile] = []
  /// What the side file is to say of them.
  private(set) var entries: [SideEntry] = []
  /// Of the segments before the last one those that were gone through, and whether producers wrote them.
  private(set) var lookedThrough: [Offset: Bool] = [:]
  /// Segments that are believed, and whose transaction indexes are not what they were.
  private(set) var unindexed: Set<Offset> = []
  /// The segment of which it is known that it is as a close left it, whatever became of its indexes.
  private var unchanged: Offset?
  /// Under whom the batches were appended that were looked at, and whether all were.
  private(set) var sightings: [EpochSighting] = []
  private(set) var hasSeenAll = true
  /// The segment behind these.
  private var last: RecoveredSegment?
  private var found: RecoveryReport
  private var rewrittenFrom: DurableMark?
  /// Why the log is not opened after all.
  private(set) var refusal: LogError?

  init(
    _ opening: LogOpening, _ listing: DirectoryListing, _ contents: SideFile.Contents?,
    bootID: BootID
  ) {
    directory = opening.directory
    configuration = opening.configuration
    environment = opening.environment
    knowsHoles = opening.keepsAllocations
    self.listing = listing
    self.contents = contents
    let state = contents?.record.state
    let isKnown = state?.isKnown ?? false
    let isSameBoot = contents?.record.bootID == bootID.rawValue
    rule = RecoveryRule(
      durableEnd: isKnown ? contents?.durableEnd ?? 0 : 0,
      keepsWrites: isSameBoot && state?.hasFailedSync != true, isKnown: isKnown)
    self.isSameBoot = isSameBoot
    found = RecoveryReport(end: 0)
  }

  var fileSystem: any FileSystem { environment.fileSystem }

  /// What to tell of it; nil where the log was as a close leaves it.
  var report: RecoveryReport? {
    if rule.isKnown || !found.damage.isEmpty || found.cutByteCount > 0 { return found }
    return nil
  }
}

extension LogRecovery {
  /// Whether nothing was changed, since all was as a close leaves it.
  func isAsClosed(_ active: RecoveredSegment) -> Bool {
    active.isTrusted && lookedThrough.isEmpty && unindexed.isEmpty && listing.spares.isEmpty
  }

  /// Whether somebody else has written the log, Kafka say, or taken it elsewhere. Who removes indexes has
  /// not.
  var isForeign: Bool {
    guard !rule.isKnown, let last = listing.bases.last else { return false }
    return unchanged != last || lookedThrough.keys.contains { $0 != last }
  }
}

// MARK: Going through

extension LogRecovery {
  /// Ends at once where there is a ``refusal``.
  mutating func run() throws(SystemError) {
    if contents?.record.state.hasFailedSync == true, isSameBoot { try replaceUnsynced() }
    var statuses = sealedStatuses
    for (base, next) in listing.neighbours {
      guard last?.isCut != true else { break }
      try settleLast()
      if let seal = try seal(of: base, before: next, &statuses), let next {
        try believe(seal, before: next)
      } else {
        last = try recover(base, before: next)
      }
      guard refusal == nil else { return }
    }
    try adoptSpares()
    try removeBehindCut()
  }

  /// A sync has failed: what may be in memory alone is read from the device.
  private func replaceUnsynced() throws(SystemError) {
    let copy = DeviceCopy(fileSystem: fileSystem)
    var statuses = sealedStatuses
    for (base, next) in listing.neighbours
    where try seal(of: base, before: next, &statuses) == nil {
      try copy.replace(SegmentPath(directory: directory, baseOffset: base).log)
    }
    for number in listing.spares { try copy.replace(path(ofSpare: number)) }
    try fileSystem.syncDirectory(directory)
  }

  /// What is said of the files of those that have seals.
  private var sealedStatuses: SegmentStatuses {
    let seals = contents?.seals ?? SealList()
    return SegmentStatuses(
      listing.bases.filter { !seals[$0].isEmpty }[...], in: directory, fileSystem)
  }

  /// The seal of a segment, if it is of the file that is there.
  private func seal(
    of base: Offset, before next: Offset?, _ statuses: inout SegmentStatuses
  ) throws(SystemError) -> Seal? {
    guard let next, let seals = contents?.seals[base], !seals.isEmpty else { return nil }
    let status = try statuses.status(of: base)
    return seals.last { $0.end.offset <= next && $0.binds(status) }
  }

  private mutating func believe(_ seal: Seal, before next: Offset) throws(SystemError) {
    hasSeenAll = false
    try noteIndex(of: seal.baseOffset, seal.abortedCount)
    var damage = contents?.damage(of: seal.baseOffset) ?? []
    // Whatever was there has gone with its files.
    if seal.end.offset < next {
      let lost = DamagedRange(
        segmentBaseOffset: seal.baseOffset, offsets: seal.end.offset..<next,
        positions: seal.end.position..<seal.end.position)
      if !damage.contains(lost) { damage.append(lost) }
    }
    let end = SegmentEnd(offset: next, position: seal.end.position)
    damage = damage.parts(of: seal.baseOffset, until: end)
    found.damage += damage
    let segment = SegmentFile(
      sealed: seal.baseOffset, end: end,
      directory: directory, damage: damage, in: fileSystem)
    segment.learn(maxTimestamp: seal.maxTimestamp)
    segment.learn(sealedAt: Timestamp(rawValue: seal.sealedAt))
    segment.learn(content: seal.content)
    segments.append(segment)
    entries += damage.map { .damage($0) }
    entries.append(.seal(seal))
  }

  private mutating func noteIndex(of base: Offset, _ count: Int?) throws(SystemError) {
    let path = SegmentPath(directory: directory, baseOffset: base)
    if try ProducerFiles.lacksIndex(path, of: count, in: fileSystem) { unindexed.insert(base) }
  }

  private mutating func recover(
    _ base: Offset, before next: Offset?
  ) throws(SystemError) -> RecoveredSegment {
    let path = SegmentPath(directory: directory, baseOffset: base)
    let file = try OpenFile(path.log, .writing, in: fileSystem)
    let status = try file.status()
    if next == nil, listing.spares.isEmpty, let trusted = try trust(base, file, status, path) {
      return trusted
    }
    let nextBase = if let next { next } else { try firstSpareBase(behind: base) }
    return try recover(file, .own, base: base, nextBase: nextBase, status)
  }

  private mutating func recover(
    _ file: OpenFile, _ name: SegmentFile.Name, base: Offset, nextBase: Offset?,
    _ status: FileStatus, continuity: BatchChain.Continuity = .gapsAllowed
  ) throws(SystemError) -> RecoveredSegment {
    let observer = configuration.observer
    let directory = directory
    let recovery = SegmentRecovery(
      rule: rule, configuration: configuration, fileSystem: fileSystem, knowsHoles: knowsHoles
    ) { byteCount in
      observer?.log(
        at: directory,
        did: .recovering(segment: base, readByteCount: byteCount, of: status.byteCount))
    }
    let segment = try recovery.recover(
      file, name, base: base, nextBase: nextBase, created: created(status),
      continuity: continuity)
    found.readByteCount += segment.readByteCount
    found.damage += segment.damage
    if let version = segment.otherFormat {
      refusal = OtherFormat.refusal(
        of: SegmentPath(directory: directory, baseOffset: base).log, version: version)
    }
    return segment
  }

  /// What the side file says of the last segment, where that is still what it speaks of.
  private mutating func trust(
    _ base: Offset, _ file: OpenFile, _ status: FileStatus, _ path: SegmentPath
  ) throws(SystemError) -> RecoveredSegment? {
    guard let record = contents?.record, record.state == .closed, let last = record.last,
      last.baseOffset == base, last.end.position == status.byteCount,
      last.inode == status.inode, last.modified == status.modified
    else { return nil }
    unchanged = base
    guard
      let index = try IndexFiles.read(
        path, end: last.end,
        limits: IndexLimits(
          configuration, segmentByteCount: max(status.byteCount, configuration.segmentByteCount)),
        in: fileSystem)
    else { return nil }
    index.reopen()
    try noteIndex(of: base, last.abortedCount)
    let damage = (contents?.damage(of: base) ?? []).parts(of: base, until: last.end)
    found.damage += damage
    return RecoveredSegment(
      file: file, name: .own,
      scan: SegmentScan(last, index, interval: configuration.indexIntervalByteCount),
      status: status, created: last.created, damage: damage, isTrusted: true)
  }

  private func created(_ status: FileStatus) -> Int64 {
    // When it was begun is not kept; when it was written to last is no earlier.
    status.byteCount > 0 ? status.modified / 1_000_000 : environment.time.wallMilliseconds
  }
}

// MARK: Spares

extension LogRecovery {
  /// Where the first spare goes on with the log, if it holds a batch that may.
  private func firstSpareBase(behind base: Offset) throws(SystemError) -> Offset? {
    for number in listing.spares {
      let file = try OpenFile(path(ofSpare: number), .reading, in: fileSystem)
      if try isUnwritten(file) { continue }
      let byteCount = try file.status().byteCount
      // What begins where the last segment does is a copy of it, and not what came behind.
      if let first = try SegmentScan.firstOffset(of: file, behind: base, byteCount: byteCount),
        first > base
      {
        return first
      }
    }
    return nil
  }

  /// Whether a file is known to hold nothing, without a look at it.
  private func isUnwritten(_ file: OpenFile) throws(SystemError) -> Bool {
    guard knowsHoles else { return false }
    return try file.nextData(from: 0) == nil
  }

  private func path(ofSpare number: Int) -> String {
    directory + "/" + LogFileNames.spare(number)
  }

  /// A spare that holds batches which go on where the log ends is part of it: the process ended
  /// before it got its name. Any other one is removed.
  private mutating func adoptSpares() throws(SystemError) {
    for number in listing.spares { try adoptOrRemove(number) }
  }

  private mutating func adoptOrRemove(_ number: Int) throws(SystemError) {
    if let last, !last.isCut, let spare = try batches(ofSpare: number, behind: last.end.offset) {
      // One with nothing in it has the name that the spare is to have, and gives way.
      if last.end.offset > last.baseOffset { try settleLast() }
      try adopt(spare, from: path(ofSpare: number))
    } else {
      try fileSystem.unlink(path(ofSpare: number))
    }
  }

  /// What a spare holds that goes on at an offset; nil if nothing in it does.
  private mutating func batches(
    ofSpare number: Int, behind end: Offset
  ) throws(SystemError) -> RecoveredSegment? {
    let file = try OpenFile(path(ofSpare: number), .writing, in: fileSystem)
    if try isUnwritten(file) { return nil }
    let spare = try recover(
      file, .spare(number), base: end, nextBase: nil, try file.status(), continuity: .contiguous)
    if spare.scan.hasBatches { return spare }
    found.damage.removeAll { spare.damage.contains($0) }
    return nil
  }

  private mutating func adopt(_ spare: RecoveredSegment, from path: String) throws(SystemError) {
    try fileSystem.rename(
      path, to: SegmentPath(directory: directory, baseOffset: spare.baseOffset).log)
    var adopted = spare
    adopted.name = .own
    last = adopted
  }
}

// MARK: Final forms

extension LogRecovery {
  /// Gives the last segment so far its final form, for there is another one behind it.
  private mutating func settleLast() throws(SystemError) {
    guard let segment = last else { return }
    last = nil
    try seal(segment)
  }

  private mutating func seal(_ segment: RecoveredSegment) throws(SystemError) {
    try cutAndSync(segment)
    sightings += segment.scan.sightings
    let index = segment.scan.index
    index.append(segment.scan.finalTime, isFinal: true)
    try IndexFiles.write(
      index, of: SegmentPath(directory: directory, baseOffset: segment.baseOffset),
      in: fileSystem)
    let file = SegmentFile(
      sealed: segment.baseOffset, end: segment.end, directory: directory,
      damage: segment.damage, in: fileSystem)
    file.learn(maxTimestamp: segment.scan.maxTimestamp)
    file.learn(sealedAt: Timestamp(rawValue: environment.time.wallMilliseconds))
    file.learn(content: .init(end: segment.end.position, digest: segment.scan.digest))
    segments.append(file)
    if segment.isTrusted { hasSeenAll = false }
    lookedThrough[segment.baseOffset] = segment.isTrusted || segment.scan.hasProducers
    let status = try segment.file.status()
    entries += segment.damage.map { .damage($0) }
    entries.append(
      .seal(
        Seal(
          baseOffset: segment.baseOffset, end: segment.end, inode: status.inode,
          modified: status.modified, digest: segment.scan.digest,
          maxTimestamp: segment.scan.maxTimestamp,
          sealedAt: environment.time.wallMilliseconds)))
  }

  /// The segment to be written on: the last one, or a new one where that has lost something, or
  /// there is none.
  mutating func finish() throws(SystemError) -> RecoveredSegment {
    let active: RecoveredSegment
    if let segment = last, segment.damage.isEmpty {
      try cutAndSync(segment)
      sightings += segment.scan.sightings
      if segment.isTrusted { hasSeenAll = false }
      active = segment
    } else {
      let base = last?.end.offset ?? segments.last?.published.offset ?? 0
      try settleLast()
      active = try makeSegment(base)
    }
    last = nil
    found.end = active.end.offset
    return active
  }

  private func makeSegment(_ base: Offset) throws(SystemError) -> RecoveredSegment {
    let path = SegmentPath(directory: directory, baseOffset: base)
    let file = try OpenFile(path.log, .creating, in: fileSystem)
    let status = try file.status()
    return RecoveredSegment(
      file: file, name: .own,
      scan: try SegmentScan(of: base, byteCount: 0, configuration), status: status,
      created: created(status))
  }

  /// Cuts off what is not the segment's, and brings the rest to the device.
  private mutating func cutAndSync(_ segment: RecoveredSegment) throws(SystemError) {
    guard !segment.isTrusted else { return }
    try settle(segment)
    if segment.restByteCount > 0 {
      if segment.hasRest {
        noteCut(segment)
        keepCutBytes(segment)
      }
      try segment.file.truncate(to: segment.end.position)
    }
    // Before any of it is served, and before anything is appended: what was cut off could come back
    // with the next power cut, and where appends have closed the gap by then, its offsets would go on
    // where theirs end.
    try segment.file.syncData()
  }

  private mutating func noteCut(_ segment: RecoveredSegment) {
    found.cutByteCount += segment.restByteCount
    if found.cutOffset == nil { found.cutOffset = segment.end.offset }
  }

  /// Writes what is kept of a segment once more, where it may be in memory alone though no sync
  /// would write it.
  ///
  /// After a failed sync the kernel takes pages for clean that the device does not have. A machine
  /// that has started anew has read them from there, and what was synced before needs nothing.
  private func settle(_ segment: RecoveredSegment) throws(SystemError) {
    guard rule.isKnown, isSameBoot, let record = contents?.record else { return }
    guard segment.end.offset > record.durable.offset else { return }
    let isMarked = record.durable.segmentBase == segment.baseOffset
    try rewrite(segment, from: isMarked ? record.durable.position : 0)
  }

  private func rewrite(_ segment: RecoveredSegment, from start: Int) throws(SystemError) {
    let buffer = ByteStorage(capacity: LogLimits.readByteCount)
    var position = start
    while position < segment.end.position {
      let wanted = min(buffer.capacity, segment.end.position - position)
      // SAFETY: within the buffer, which nobody else has.
      let memory = unsafe UnsafeMutableRawBufferPointer(start: buffer.base, count: wanted)
      let count = try unsafe segment.file.read(into: memory, at: position)
      guard count > 0 else { return }
      try unsafe segment.file.write(
        from: UnsafeRawBufferPointer(rebasing: memory[..<count]), at: position)
      position += count
    }
  }
}

// MARK: Behind a cut

extension LogRecovery {
  /// Removes the segments behind one that ended too early: the last ones first, so that whatever an
  /// interruption leaves is cut again.
  private mutating func removeBehindCut() throws(SystemError) {
    guard let last, last.isCut else { return }
    let behind = listing.bases.filter { $0 > last.baseOffset }
    guard !behind.isEmpty else { return }
    for base in behind.reversed() { try remove(base) }
    try fileSystem.syncDirectory(directory)
  }

  private mutating func remove(_ base: Offset) throws(SystemError) {
    let path = SegmentPath(directory: directory, baseOffset: base)
    found.cutByteCount += try fileSystem.status(at: path.log).byteCount
    found.removedSegmentCount += 1
    if found.cutOffset == nil { found.cutOffset = last?.end.offset }
    try fileSystem.unlink(path.log)
    for index in [path.offsetIndex, path.timeIndex, path.transactionIndex] {
      do throws(SystemError) {
        try fileSystem.unlink(index)
      } catch {
        guard error.errno == .noSuchFile else { throw error }
      }
    }
  }

  /// Keeps what is cut off where there is space for it, for whoever wants to look. The log does
  /// without.
  private func keepCutBytes(_ segment: RecoveredSegment) {
    CutFile(directory: directory, fileSystem: fileSystem).keep(
      segment.file, segment.end.position..<segment.status.byteCount, of: segment.baseOffset)
  }
}

extension Seal {
  /// What the segment adds up to.
  var content: SegmentFile.Content { .init(end: end.position, digest: digest) }

  /// Whether it speaks of this file, as it is: after a copy, or a visit of Kafka's, it does not, and
  /// the segment is looked at again.
  func binds(_ status: FileStatus) -> Bool {
    status.kind == .file && status.inode == inode && status.byteCount == end.position
      && status.modified == modified
  }
}

extension SideFile.Contents {
  /// What is known to be lost of a segment.
  func damage(of base: Offset) -> [DamagedRange] { damage[base] ?? [] }
}

extension [SideEntry] {
  /// The same, with how many transactions came to nothing in segments of which that was found out.
  func counting(_ counts: [Offset: Int]) -> [SideEntry] {
    guard !counts.isEmpty else { return self }
    return map { entry in
      guard case .seal(var seal) = entry, let count = counts[seal.baseOffset] else { return entry }
      seal.abortedCount = count
      return .seal(seal)
    }
  }
}
