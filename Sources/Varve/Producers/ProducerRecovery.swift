internal import VarveSystem

/// Finds out what is known of producers at a log's end: from a snapshot, and the batches behind it.
///
/// After a clean close that is the snapshot of the end. After a crash it is the newest one that was made
/// before the first segment that recovery went through; then the files of those segments are written
/// anew, too. A snapshot knows each producer's last batch: of those before it, as many are found as the
/// few MiB before the snapshot hold.
struct ProducerRecovery {
  let directory: String
  let fileSystem: any FileSystem
  let listing: DirectoryListing
  /// The sealed segments.
  let segments: [SegmentFile]
  /// The one behind them.
  let active: RecoveredSegment
  /// Of the sealed segments those whose batches recovery has gone through, and whether any of these is
  /// a producer's.
  let lookedThrough: [Offset: Bool]
  /// Of the other ones those whose transaction indexes are not what they were.
  let unindexed: Set<Offset>
  /// Whether the files may be written.
  let writes: Bool
  /// Whether the log is somebody else's until now: then the files that are there are right.
  let isForeign: Bool
  let maximumCount: Int

  /// What is known of producers before ``known``.
  private(set) var table: ProducerTable
  private var known: Offset = 0
  /// What was aborted in the segment that is gone through.
  private(set) var aborted: [AbortedTransaction] = []
  /// The segments that have a transaction index.
  private(set) var indexed: Set<Offset>
  /// How many transactions came to nothing in segments of which that was found out.
  private(set) var abortedCounts: [Offset: Int] = [:]
  /// And which, where no index may be written that says so.
  private(set) var unwritten: [Offset: [AbortedTransaction]] = [:]
  private var unreadable: Set<Offset> = []

  init(
    _ opening: LogOpening, _ listing: DirectoryListing, _ segments: [SegmentFile],
    _ active: RecoveredSegment, lookedThrough: [Offset: Bool] = [:], unindexed: Set<Offset>,
    isForeign: Bool = false
  ) {
    self.init(
      in: opening.directory, opening.fileSystem, opening.configuration, listing, segments, active,
      lookedThrough: lookedThrough, unindexed: unindexed, writes: opening.mode == .readWrite,
      isForeign: isForeign)
  }

  /// Of a log that is open, and ends with other segments than it did.
  init(
    of log: Log, _ listing: DirectoryListing, _ segments: [SegmentFile], _ active: RecoveredSegment
  ) {
    self.init(
      in: log.directory, log.environment.fileSystem, log.configuration, listing, segments, active)
  }

  private init(
    in directory: String, _ fileSystem: any FileSystem, _ configuration: LogConfiguration,
    _ listing: DirectoryListing, _ segments: [SegmentFile], _ active: RecoveredSegment,
    lookedThrough: [Offset: Bool] = [:], unindexed: Set<Offset> = [], writes: Bool = true,
    isForeign: Bool = false
  ) {
    self.directory = directory
    self.fileSystem = fileSystem
    maximumCount = configuration.maximumProducerCount
    self.listing = listing
    self.segments = segments
    self.active = active
    self.lookedThrough = lookedThrough
    self.unindexed = unindexed
    self.writes = writes
    self.isForeign = isForeign
    table = ProducerTable(maximumCount: maximumCount)
    indexed = Set(listing.transactionIndexes).intersection(segments.map(\.baseOffset))
  }

  private var bases: [Offset] { segments.map(\.baseOffset) + [active.baseOffset] }
}

extension ProducerRecovery {
  mutating func run() throws(SystemError) {
    try completeIndexes()
    guard try !startAtEnd() else { return }
    try startAtSnapshot()
    try recallBatches()
    for (segment, next) in zip(segments, bases.dropFirst()) where next > known {
      aborted = []
      if lookedThrough[segment.baseOffset] ?? true { try goThrough(segment) }
      if lookedThrough[segment.baseOffset] != nil { try writeFiles(of: segment, before: next) }
      known = next
    }
    aborted = []
    if active.isTrusted || active.scan.hasProducers {
      try goThrough(
        active.file, active.baseOffset,
        from: SegmentEnd(offset: active.baseOffset, position: 0), to: active.end.position)
    }
  }

  /// Forgets who has not been heard of for too long.
  mutating func expire(_ age: Duration, now: Int64) {
    table.hearTimeless(at: now)
    table.expire(notSince: Timestamp.before(now, by: age))
  }

  /// Removes files that speak of offsets that are not there, and may come to be others. Of snapshots of
  /// those that are there, the ones by which segments begin are kept.
  ///
  /// - Parameter keepsLast: Whether the one of the log's end is kept, too, until the log is closed again.
  /// - Returns: Whether there were any.
  func removeStrays(keepsLast: Bool) throws(SystemError) -> Bool {
    let kept = Set(bases + (keepsLast ? [active.end.offset] : [])).subtracting(unreadable)
    let strays = listing.snapshots.filter { !kept.contains($0) || $0 > active.end.offset }
    for offset in strays {
      let path = SegmentPath(directory: directory, baseOffset: offset).producerSnapshot
      try fileSystem.unlink(path)
    }
    // One of a segment that is written to again may speak of what a power cut took from its end, too, or
    // be nothing but a name.
    let path = SegmentPath(directory: directory, baseOffset: active.baseOffset)
    if !active.isTrusted || unindexed.contains(active.baseOffset),
      listing.transactionIndexes.contains(active.baseOffset),
      aborted.isEmpty || (try? ProducerFiles.aborted(of: path, in: fileSystem)) != aborted
    {
      try fileSystem.unlink(path.transactionIndex)
    }
    return !strays.isEmpty
  }
}

// MARK: Where to begin

extension ProducerRecovery {
  /// Begins, and ends, with the snapshot that a clean close left. False if there is none.
  private mutating func startAtEnd() throws(SystemError) -> Bool {
    let path = SegmentPath(directory: directory, baseOffset: active.baseOffset)
    guard active.isTrusted, lookedThrough.isEmpty, !unindexed.contains(active.baseOffset),
      let snapshot = try snapshot(at: active.end.offset),
      let aborted = try? ProducerFiles.aborted(of: path, in: fileSystem) ?? []
    else { return false }
    table = ProducerTable(snapshot, maximumCount: maximumCount)
    self.aborted = aborted
    known = active.end.offset
    try recallBatches()
    return true
  }

  /// Begins with the newest snapshot that knows of nothing that has to be gone through.
  private mutating func startAtSnapshot() throws(SystemError) {
    let first = min(lookedThrough.keys.min() ?? active.baseOffset, active.baseOffset)
    let snapshots = Set(listing.snapshots)
    for base in bases.reversed() where base <= first && snapshots.contains(base) {
      if try start(at: base) { return }
    }
  }

  /// Begins with a snapshot. False if there is none, or none that can be understood.
  private mutating func start(at base: Offset) throws(SystemError) -> Bool {
    guard let snapshot = try snapshot(at: base) else { return false }
    table = ProducerTable(snapshot, maximumCount: maximumCount)
    known = base
    return true
  }

  /// What a snapshot says, if it can be understood. One that cannot be read now is an error: the batches
  /// of which it knows may be deleted.
  private mutating func snapshot(at offset: Offset) throws(SystemError) -> ProducerSnapshot? {
    do throws(LogError) {
      return try ProducerFiles.snapshot(at: offset, in: directory, fileSystem)
    } catch {
      if let failure = error.systemError { throw failure }
      // One of a later version is left to whoever knows it.
      if error.code == .corrupt { unreadable.insert(offset) }
      return nil
    }
  }
}

// MARK: Indexes that are not there

extension ProducerRecovery {
  /// Makes the transaction indexes anew of segments that need not be gone through for anything else: from the
  /// snapshot on that was made where each begins, or an earlier one.
  private mutating func completeIndexes() throws(SystemError) {
    guard !unindexed.isEmpty else { return }
    let snapshots = Set(listing.snapshots)
    var pass = self
    // The first segment that has not been gone through.
    var next = 0
    for index in segments.indices where unindexed.contains(segments[index].baseOffset) {
      var start = index
      while start > next, try !pass.start(at: segments[start].baseOffset, of: snapshots) {
        start -= 1
      }
      if start == next { _ = try pass.start(at: segments[start].baseOffset, of: snapshots) }
      for segment in segments[start...index] {
        pass.aborted = []
        try pass.goThrough(segment)
      }
      try keep(pass.aborted, of: segments[index])
      next = index + 1
    }
  }

  private mutating func start(
    at base: Offset, of snapshots: Set<Offset>
  ) throws(SystemError) -> Bool {
    guard snapshots.contains(base) else { return false }
    return try start(at: base)
  }

  /// Sees to it that it is known what came to nothing in a segment.
  private mutating func keep(
    _ transactions: [AbortedTransaction], of segment: SegmentFile
  ) throws(SystemError) {
    guard writes else {
      indexed.remove(segment.baseOffset)
      if !transactions.isEmpty { unwritten[segment.baseOffset] = transactions }
      return
    }
    abortedCounts[segment.baseOffset] = transactions.count
    try ProducerFiles.write(transactions, of: segment.path, in: fileSystem)
    if !transactions.isEmpty {
      indexed.insert(segment.baseOffset)
    } else if indexed.remove(segment.baseOffset) != nil {
      try fileSystem.unlink(segment.path.transactionIndex)
    }
  }
}

// MARK: The batches before the last ones

extension ProducerRecovery {
  /// A part of a segment.
  private struct Stretch {
    var base: Offset
    var file: OpenFile
    var positions: Range<Int>
  }

  /// Looks for the batches before those that the snapshot knows, in the last few MiB before it.
  private mutating func recallBatches() throws(SystemError) {
    guard !table.isEmpty else { return }
    var rest = LogLimits.recalledByteCount
    var stretches: [Stretch] = []
    for base in bases.reversed() where base < known {
      guard rest > 0, let stretch = try stretch(of: base, rest) else { break }
      rest -= stretch.positions.count
      stretches.append(stretch)
    }
    var recent = self
    recent.table = ProducerTable(maximumCount: maximumCount)
    for stretch in stretches.reversed() {
      try recent.goThrough(
        stretch.file, stretch.base,
        from: SegmentEnd(offset: stretch.base, position: stretch.positions.lowerBound),
        to: stretch.positions.upperBound)
    }
    table.recall(recent.table)
  }

  /// So many bytes at the end of a segment, or a few more; nil where it is not known where a batch
  /// begins there.
  private func stretch(of base: Offset, _ byteCount: Int) throws(SystemError) -> Stretch? {
    guard let segment = segments.last(where: { $0.baseOffset == base }) else {
      return stretch(base, active.file, active.end.position, byteCount) { active.scan.index }
    }
    guard segment.damage.isEmpty else { return nil }
    let file = try OpenFile(segment.path.log, .reading, in: fileSystem)
    let end = segment.published.end
    let limits = IndexLimits(offsetEntries: 0, timeEntries: 0)
    return stretch(base, file, end.position, byteCount) {
      try? IndexFiles.read(segment.path, end: end, limits: limits, in: fileSystem)
    }
  }

  private func stretch(
    _ base: Offset, _ file: OpenFile, _ limit: Int, _ byteCount: Int, _ index: () -> IndexMemory?
  ) -> Stretch? {
    guard limit > byteCount else { return Stretch(base: base, file: file, positions: 0..<limit) }
    guard let index = index(),
      let entry = index.offsets.last(where: { $0.position <= limit - byteCount })
    else { return nil }
    return Stretch(base: base, file: file, positions: entry.position..<limit)
  }
}

// MARK: Going through

extension ProducerRecovery {
  private mutating func goThrough(_ segment: SegmentFile) throws(SystemError) {
    let file = try OpenFile(segment.path.log, .reading, in: fileSystem)
    for part in segment.intactParts {
      try goThrough(file, segment.baseOffset, from: part.start, to: part.limit)
    }
  }

  /// Takes note of the batches of a part of a segment, up to one that is not whole.
  private mutating func goThrough(
    _ file: OpenFile, _ base: Offset, from start: SegmentEnd, to limit: Int
  ) throws(SystemError) {
    var stream = BatchStream(
      baseOffset: base, from: start.position, limit: limit,
      chain: BatchChain(from: start.offset, continuity: .gapsAllowed))
    while let step = try? stream.advance() {
      switch step {
      case .end: return
      case .needsBytes: _ = try stream.fill(from: file)
      case .batch:
        let header = stream.currentHeader
        guard header.producer != nil else { continue }
        let marker = EndTransactionMarker.marker(of: stream.current)
        if let transaction = table.record(header, marker: marker)?.aborted {
          aborted.append(transaction)
        }
        // What is in the log that is opened has ended for it.
        table.forgetEnded(below: header.nextOffset)
      }
    }
  }

  /// Writes the files about a segment's producers, those that are there and right among them: they may
  /// be in memory alone.
  private mutating func writeFiles(
    of segment: SegmentFile, before next: Offset
  ) throws(SystemError) {
    let theirs = isForeign ? (try? ProducerFiles.aborted(of: segment.path, in: fileSystem)) : nil
    // Theirs may know of transactions whose batches are gone, or say less than there is.
    try keep(theirs?.completed(by: aborted) ?? aborted, of: segment)
    let snapshot = isForeign ? try snapshot(at: next) : nil
    unreadable.remove(next)
    try ProducerFiles.write(
      snapshot ?? table.frozen.snapshot, at: next, in: directory, fileSystem)
  }
}

extension [AbortedTransaction] {
  /// These, and of others those whose markers are none of these', in the order of the markers.
  fileprivate func completed(by others: [AbortedTransaction]) -> [AbortedTransaction] {
    let known = Set(map(\.lastOffset))
    let missing = others.filter { !known.contains($0.lastOffset) }
    return missing.isEmpty ? self : (self + missing).sorted { $0.lastOffset < $1.lastOffset }
  }
}

extension EndTransactionMarker {
  /// What a batch that was found whole says, if it is a marker.
  static func marker(of batch: borrowing BatchView) -> EndTransactionMarker? {
    (try? EndTransactionMarker(of: batch)) ?? nil
  }
}

extension Timestamp {
  /// The time so long before now, in milliseconds, by the wall clock.
  static func before(_ now: Int64, by age: Duration) -> Timestamp {
    let (time, overflow) = now.subtractingReportingOverflow(age.milliseconds)
    return Timestamp(rawValue: overflow ? .min : time)
  }
}
