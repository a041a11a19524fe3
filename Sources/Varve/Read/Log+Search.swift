internal import VarveSystem

// How a place is found: the segment by the table, the neighbourhood by the index, the batch by its
// header. The index is a hint: what it points to is compared with what it says, and where that does
// not fit the segment is searched from its start, and the index built anew.

extension Log {
  /// Where to read from.
  func place(of position: LogPosition) throws(LogError) -> Place {
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
    try checkRange(offset)
    let segment = table.floor(of: offset)
    guard offset > segment.baseOffset else {
      return Place(segment: segment, position: 0, offset: offset)
    }
    // The end of a segment that is being written needs no search.
    let limit = segment.published.position
    if offset >= segment.published.offset, segment.isActive {
      return Place(segment: segment, position: limit, offset: offset)
    }
    let position = try search(segment, limit: limit) { _, stop, _ throws(LogError) in
      stop.header.lastOffset >= offset ? stop.position : nil
    } hint: { index in
      index.offsets.floor(of: offset)
    }
    return Place(segment: segment, position: position ?? limit, offset: offset)
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

  /// What is asked at each batch of a search: whether it is the one. It is told whether an index
  /// led to where the search began, and throws ``LogError/Code/corrupt`` where that index lied.
  typealias Inquiry<Found> = (
    _ walk: inout HeaderWalk, _ stop: HeaderWalk.Stop, _ isHinted: Bool
  ) throws(LogError) -> Found?

  /// Goes through a segment from a hint on, until `found` says what was looked for.
  ///
  /// - Parameter hint: The index entry to begin at; nil for the segment's start.
  func search<Found>(
    _ segment: SegmentFile, limit: Int, found: Inquiry<Found>,
    hint: (borrowing IndexMemory) -> OffsetIndexEntry?
  ) throws(LogError) -> Found? {
    let file = try open(segment)
    let buffer = buffers.take(LogLimits.lookupByteCount)
    defer { buffers.giveBack(buffer) }
    if let entry = hint(try index(of: segment)) {
      do throws(LogError) {
        return try walk(
          segment, file, buffer, from: entry, limit: limit, found: found)
      } catch {
        guard error.code == .corrupt else { throw error }
        // It may be the index that is wrong: look without it, and only then believe that it is not.
        let result = try walk(segment, file, buffer, from: nil, limit: limit, found: found)
        indexWasWrong(segment, error)
        return result
      }
    }
    return try walk(segment, file, buffer, from: nil, limit: limit, found: found)
  }

  private func walk<Found>(
    _ segment: SegmentFile, _ file: OpenFile, _ buffer: ByteStorage,
    from entry: OffsetIndexEntry?, limit: Int, found: Inquiry<Found>
  ) throws(LogError) -> Found? {
    let start = entry?.position ?? 0
    guard start <= limit else { throw .wrongEntry(entry, "the segment ends at \(limit)") }
    var walk = HeaderWalk(
      file, from: start, firstOffset: segment.baseOffset, limit: limit, buffer: buffer)
    var isFirst = true
    var readAhead = configuration.indexIntervalByteCount + LogLimits.lookupMargin
    while let stop = try next(&walk, readAhead, from: entry) {
      if isFirst, let entry, stop.header.baseOffset > entry.offset {
        throw .wrongEntry(entry, "a batch of \(stop.header.baseOffset) is there")
      }
      isFirst = false
      if let result = try found(&walk, stop, entry != nil) { return result }
      // The longer it takes, the more at once.
      if stop.position - start > LogLimits.lookupByteCount { readAhead = buffer.capacity }
    }
    return nil
  }

  /// The next batch of a walk. What an entry points to may be anything, and look like a batch of
  /// another format, say: then it is the entry that is wrong, until a walk without it finds the same.
  private func next(
    _ walk: inout HeaderWalk, _ readAhead: Int, from entry: OffsetIndexEntry?
  ) throws(LogError) -> HeaderWalk.Stop? {
    do throws(LogError) {
      return try walk.next(readAhead: readAhead)
    } catch {
      guard let entry, error.code == .unsupported else { throw error }
      throw .wrongEntry(entry, error.message)
    }
  }
}

extension LogError {
  fileprivate static func wrongEntry(_ entry: OffsetIndexEntry?, _ detail: String) -> LogError {
    let text = entry.map { "\($0.offset) at \($0.position)" } ?? "none"
    return LogError(.corrupt, "the index says \(text), and \(detail)")
  }
}

// MARK: Files and indexes

extension Log {
  func open(_ segment: SegmentFile) throws(LogError) -> OpenFile {
    let wasOpen = segment.hasOpenFile
    do throws(SystemError) {
      let file = try segment.openFile()
      if !wasOpen { runtime.segments.didLoad(segment, byteCount: 0) }
      return file
    } catch {
      throw LogError(error, "open the segment \(segment.baseOffset) of \(directory)")
    }
  }

  /// The indexes of a segment: those in memory, those of its files, or else made anew.
  func index(of segment: SegmentFile) throws(LogError) -> IndexMemory {
    if let index = segment.loadedIndex { return index }
    do throws(SystemError) {
      let end = SegmentEnd(
        offset: segment.published.offset, position: segment.published.position)
      let limits = IndexLimits(
        configuration, segmentByteCount: max(end.position, configuration.segmentByteCount))
      if let index = try IndexFiles.read(
        segment.path, end: end, limits: limits, in: environment.fileSystem)
      {
        return keep(segment.adopt(index), of: segment)
      }
      tell(
        .indexWasWrong(
          baseOffset: segment.baseOffset,
          detail: "a file is missing, or does not hold whole and ordered entries"))
      return try rebuildIndex(of: segment)
    } catch {
      throw LogError(error, "read the indexes of the segment \(segment.baseOffset)")
    }
  }

  private func keep(_ index: IndexMemory, of segment: SegmentFile) -> IndexMemory {
    runtime.segments.didLoad(segment, byteCount: index.byteCount)
    return index
  }

  /// An entry pointed to something else than it said.
  func indexWasWrong(_ segment: SegmentFile, _ error: LogError) {
    tell(.indexWasWrong(baseOffset: segment.baseOffset, detail: error.message))
    _ = try? rebuildIndex(of: segment)
  }

  /// Builds the indexes of a segment from its batches, and writes them where the log may be written.
  private func rebuildIndex(of segment: SegmentFile) throws(SystemError) -> IndexMemory {
    let file = try segment.openFile()
    let scan = try SegmentScan(
      file, baseOffset: segment.baseOffset, limit: segment.published.position,
      configuration: configuration)
    scan.index.append(scan.finalTime, isFinal: true)
    segment.learn(maxTimestamp: scan.maxTimestamp)
    guard !segment.isActive else { return scan.index }
    segment.replaceIndex(scan.index)
    runtime.segments.didLoad(segment, byteCount: scan.index.byteCount)
    if mode == .readWrite {
      indexRewrites.withLock { $0.append(IndexRewrite(segment: segment, index: scan.index)) }
      runtime.maintenance.wake(self)
    }
    return scan.index
  }
}
