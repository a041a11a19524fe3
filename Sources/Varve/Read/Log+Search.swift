internal import VarveSystem

// How a place is found: the segment by the table, the neighbourhood by the index, the batch by its
// header. The index is a hint: what it points to is compared with what it says, and where that does
// not fit the segment is searched from its start, and the index built anew.

extension Log {
  /// Where to read from.
  func place(of position: LogPosition) throws(LogError) -> Place {
    try follow()
    switch position {
    case .earliest: return try place(ofOffset: start)
    case .latest: return try place(ofOffset: end)
    case .offset(let offset): return try place(ofOffset: offset)
    case .last(let count):
      let (offset, overflow) = end.rawValue.subtractingReportingOverflow(Int64(max(0, count)))
      return try place(ofOffset: overflow ? start : max(start, Offset(rawValue: offset)))
    case .timestamp(let timestamp):
      let found = try find(timestamp)
      return try place(ofOffset: found?.offset ?? end)
    }
  }

  /// The batch with an offset, or the first one behind it.
  func place(ofOffset offset: Offset) throws(LogError) -> Place {
    try lookingAgain { () throws(LogError) in try findPlace(of: offset) }
  }

  /// The same; it may be found that the segment has been replaced.
  func findPlace(of offset: Offset) throws(LogError) -> Place {
    try checkRange(offset)
    let segment = table.floor(of: offset)
    try segment.checkIntact(offset)
    guard offset > segment.baseOffset || !segment.damage.isEmpty else {
      return Place(segment: segment, position: 0, offset: offset)
    }
    // The end of a segment that is being written needs no search.
    let limit = segment.published.position
    if offset >= segment.published.offset, segment.isActive {
      return Place(segment: segment, position: limit, offset: offset)
    }
    guard let walk = try search(segment, for: .offset(offset), limit: limit) else {
      return Place(segment: segment, position: limit, offset: offset)
    }
    return Place(segment: segment, position: walk.position, offset: offset)
  }

  func checkRange(_ offset: Offset) throws(LogError) {
    let (start, end) = (start, end)
    guard offset >= start else {
      throw LogError(.trimmed, "offset \(offset) lies before the log's start, \(start)")
    }
    guard offset <= end else {
      throw LogError(.invalidArgument, "offset \(offset) lies behind the log's end, \(end)")
    }
  }

  /// The first batch of a segment that is looked for; nil if there is none below the limit.
  func search(
    _ segment: SegmentFile, for target: SearchTarget, limit: Int
  ) throws(LogError) -> HeaderWalk? {
    guard segment.damage.isEmpty else { return try searchIntactParts(of: segment, for: target) }
    let hint = target.hint(in: try index(of: segment))
    guard hint.entry != nil else { return try walk(segment, from: hint, to: target, limit: limit) }
    do throws(LogError) {
      return try walk(segment, from: hint, to: target, limit: limit)
    } catch {
      guard error.code == .corrupt else { throw error }
      // It may be the index that is wrong: look without it, and only then believe that it is not.
      let result = try walk(segment, from: SearchHint(), to: target, limit: limit)
      if segment.damage.isEmpty { indexWasWrong(segment, error) }
      return result
    }
  }

  /// The same in a segment that has lost something: each part is gone through, without an index. What is lost
  /// may have been known before the log was opened, and more have been lost since.
  private func searchIntactParts(
    of segment: SegmentFile, for target: SearchTarget
  ) throws(LogError) -> HeaderWalk? {
    do throws(LogError) {
      return try walkParts(of: segment, to: target, doubting: !segment.isExamined)
    } catch {
      guard !segment.isExamined, error == .doubt || error.casts(doubtOn: segment) else {
        throw error
      }
      try examine(segment)
      return try walkParts(of: segment, to: target, doubting: false)
    }
  }

  private func walkParts(
    of segment: SegmentFile, to target: SearchTarget, doubting: Bool
  ) throws(LogError) -> HeaderWalk? {
    if case .offset(let offset) = target { try segment.checkIntact(offset) }
    for part in segment.intactParts {
      var walk = HeaderWalk(
        try open(segment), from: part.start.position, firstOffset: part.start.offset,
        limit: part.limit, readAhead: LogLimits.lookupByteCount, buffers: buffers)
      var expected = part.start.offset
      while try walk.advance() {
        guard let header = walk.header else { continue }
        if doubting, header.baseOffset != expected { throw .doubt }
        expected = walk.nextOffset
        if target.isMet(by: header) { return walk }
        walk.hurry()
      }
    }
    return nil
  }

  /// The same from a place on. Where something cannot be that no index has led to, or is doubtful, the
  /// segment is looked through, and the search goes over what is lost in it.
  private func walk(
    _ segment: SegmentFile, from hint: SearchHint, to target: SearchTarget, limit: Int
  ) throws(LogError) -> HeaderWalk? {
    do throws(LogError) {
      return try walkOnce(segment, from: hint, to: target, limit: limit)
    } catch {
      guard error == .doubt || hint.entry == nil && error.casts(doubtOn: segment) else {
        throw error
      }
      try examine(segment)
      if segment.damage.isEmpty {
        guard error == .doubt else { throw error }
        return try walkOnce(segment, from: hint, to: target, limit: limit)
      }
      return try searchIntactParts(of: segment, for: target)
    }
  }

  private func walkOnce(
    _ segment: SegmentFile, from hint: SearchHint, to target: SearchTarget, limit: Int
  ) throws(LogError) -> HeaderWalk? {
    let entry = hint.entry
    let start = entry?.position ?? 0
    guard start <= limit else { throw .wrongEntry(entry, "the segment ends at \(limit)") }
    var walk = HeaderWalk(
      try open(segment), from: start, firstOffset: segment.baseOffset, limit: limit,
      readAhead: hint.byteCount, buffers: buffers)
    var claim = hint.claim
    var expected = segment.baseOffset
    while try advance(&walk, from: entry) {
      guard let header = walk.header else { continue }
      try claim.check(header)
      if let entry, walk.position == start {
        if header.baseOffset > entry.offset {
          throw .wrongEntry(entry, "a batch of \(header.baseOffset) is there")
        }
        // An entry names the batch's last offset, unless it was one append of several batches.
        if header.lastOffset != entry.offset, !segment.isExamined { throw .doubt }
      } else if header.baseOffset != expected, !segment.isExamined {
        throw .doubt
      }
      expected = walk.nextOffset
      if target.isMet(by: header) { return walk }
      // The longer it takes, the more at once.
      if walk.position - start > LogLimits.lookupByteCount { walk.hurry() }
    }
    return nil
  }
}

extension Log {
  /// Goes on in a walk. What an entry points to may be anything, and look like a batch of another
  /// format, say: then it is the entry that is wrong, until a walk without it finds the same.
  private func advance(
    _ walk: inout HeaderWalk, from entry: OffsetIndexEntry?
  ) throws(LogError) -> Bool {
    do throws(LogError) {
      return try walk.advance()
    } catch {
      guard let entry, error.code == .unsupported else { throw error }
      throw .wrongEntry(entry, error.message)
    }
  }
}

/// What is looked for in a segment: the first batch that reaches so far.
enum SearchTarget {
  case offset(Offset)
  case timestamp(Timestamp, from: Offset)

  func isMet(by header: BatchHeader) -> Bool {
    switch self {
    case .offset(let offset): header.lastOffset >= offset
    case .timestamp(let timestamp, let start):
      header.maxTimestamp >= timestamp && header.lastOffset >= start
    }
  }

  /// Where to begin, and how much to read there.
  func hint(in index: borrowing IndexMemory) -> SearchHint {
    switch self {
    case .offset(let offset): return SearchHint(offset, in: index.offsets)
    case .timestamp(let timestamp, _):
      guard let entry = index.times.floor(of: timestamp) else { return SearchHint() }
      return SearchHint(entry, in: index)
    }
  }
}

/// What an index says of where to look.
struct SearchHint {
  /// The entry to begin at; nil for the segment's start.
  var entry: OffsetIndexEntry?
  /// How many bytes to read there: up to behind the batch, if batches are of a size.
  var byteCount = LogLimits.lookupByteCount
  /// What the batches on the way have to keep.
  var claim = TimeClaim(nil)

  init() {}

  /// From the offset of an entry of the time index on.
  init(_ time: TimeIndexEntry, in index: borrowing IndexMemory) {
    entry = index.offsets.floor(of: time.offset)
    // Where the search begins at the segment's start, nothing depends on the entry.
    if entry != nil { claim = TimeClaim(time) }
  }

  init(_ offset: Offset, in entries: borrowing OffsetIndexView) {
    guard let index = entries.floorIndex(of: offset) else { return }
    let entry = entries[index]
    self.entry = entry
    guard index + 1 < entries.count else { return }
    let next = entries[index + 1]
    let gap = next.position - entry.position
    guard gap <= LogLimits.lookupByteCount else {
      // Batches larger than an interval: their headers are looked at, one by one.
      byteCount = LogLimits.lookupMargin
      return
    }
    let offsets = Swift.max(1, entry.offset.distance(to: next.offset))
    let wanted = entry.offset.distance(to: offset) + 1
    byteCount = gap * Swift.min(wanted, offsets) / offsets + LogLimits.lookupMargin
  }
}

extension LogError {
  /// Something is there that may be right, and may be not.
  fileprivate static var doubt: LogError {
    LogError(.retry, "a batch is not where the one before it, or an index, leads to")
  }

  static var removedMeanwhile: LogError {
    LogError(.retry, "the segment was removed from the log just now; look again")
  }

  static func wrongEntry(_ entry: OffsetIndexEntry?, _ detail: String) -> LogError {
    let text = entry.map { "\($0.offset) at \($0.position)" } ?? "none"
    return LogError(.corrupt, "the index says \(text), and \(detail)")
  }
}

// MARK: Files and indexes

extension Log {
  func open(_ segment: SegmentFile) throws(LogError) -> OpenFile {
    do throws(SystemError) {
      if let file = segment.parts.file { return file }
      let opened = try segment.openToRead()
      // Once it is removed, its name may be another's.
      guard segment.removal == nil else { throw SystemError(.open, .noSuchFile) }
      let (file, isNew) = segment.parts.adopt(opened)
      if isNew { runtime.segments.didOpenFile(of: segment.parts) }
      return file
    } catch {
      if let removal = segment.removal {
        throw removal == .replaced ? .replacedMeanwhile : .removedMeanwhile
      }
      if let removal = removalElsewhere(of: segment, error) { throw removal }
      throw LogError(error, "open the segment \(segment.baseOffset) of \(directory)")
    }
  }

  /// What it means that a file is not there, in a log that another process writes; nil where it means nothing
  /// but that.
  private func removalElsewhere(of segment: SegmentFile, _ error: SystemError) -> LogError? {
    guard mode == .readOnly, error.errno == .noSuchFile else { return nil }
    return LogError(
      .trimmed,
      "who writes the log at \(directory) has removed the segment \(segment.baseOffset), or let another "
        + "one take its place; open it again")
  }

  /// The indexes of a segment: those in memory, those of its files, or else made anew.
  func index(of segment: SegmentFile) throws(LogError) -> IndexMemory {
    if let index = segment.parts.index { return index }
    do throws(SystemError) {
      let end = segment.published.end
      let limits = IndexLimits(
        configuration, segmentByteCount: max(end.position, configuration.segmentByteCount))
      if let index = try IndexFiles.read(
        segment.path, end: end, limits: limits, in: environment.fileSystem),
        segment.removal != .replaced,
        segment.knownMaxTimestamp.map({ $0 == index.maxTimestamp }) ?? true
      {
        return keep(segment.parts.adopt(index), of: segment)
      }
      // Once it is replaced, the files are another's.
      guard segment.removal != .replaced else { throw SystemError(.open, .noSuchFile) }
      tell(
        .indexWasWrong(
          baseOffset: segment.baseOffset,
          detail: "a file is missing, or does not hold whole and ordered entries of the segment"))
      return try rebuildIndex(of: segment)
    } catch {
      if segment.removal == .replaced { throw .replacedMeanwhile }
      if let removal = removalElsewhere(of: segment, error) { throw removal }
      throw LogError(error, "read the indexes of the segment \(segment.baseOffset)")
    }
  }

  private func keep(
    _ found: (index: IndexMemory, isNew: Bool), of segment: SegmentFile
  ) -> IndexMemory {
    let index = found.index
    if found.isNew { runtime.segments.didLoadIndex(of: segment.parts, byteCount: index.byteCount) }
    return index
  }

  /// An entry pointed to something else than it said.
  func indexWasWrong(_ segment: SegmentFile, _ error: LogError) {
    tell(.indexWasWrong(baseOffset: segment.baseOffset, detail: error.message))
    _ = try? rebuildIndex(of: segment)
  }

  /// Builds the indexes of a segment from its batches, and writes them where the log may be written,
  /// which it may not once it is closed.
  private func rebuildIndex(of segment: SegmentFile) throws(SystemError) -> IndexMemory {
    let file = try segment.openFile()
    guard segment.removal != .replaced else { throw SystemError(.open, .noSuchFile) }
    var scan = try SegmentScan(
      of: segment.baseOffset, byteCount: segment.published.position, configuration)
    try scan.run(
      through: file, over: segment.damage, byteCount: segment.published.position)
    scan.index.append(scan.finalTime, isFinal: true)
    segment.learn(maxTimestamp: scan.maxTimestamp)
    guard !segment.isActive else { return scan.index }
    segment.parts.replaceIndex(scan.index)
    runtime.segments.didLoadIndex(of: segment.parts, byteCount: scan.index.byteCount)
    if directoryLock?.isHeld == true {
      indexRewrites.withLock { $0.append(IndexRewrite(segment: segment, index: scan.index)) }
      runtime.syncers.perform { [self] in sealAll() }
    }
    flushEvents()
    return scan.index
  }
}
