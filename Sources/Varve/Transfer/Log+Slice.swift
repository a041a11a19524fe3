internal import VarveSystem

// How a slice is found: its first batch as any look-up finds one, its end by the index, which says
// where batches begin, and by a few headers behind that. Payloads are not read.

extension Log {
  /// The whole batches from a place on that fit into so many bytes, at least one of them; nil where
  /// there is none that ends at `end` or before.
  func slice(
    at place: Place, maximumByteCount: Int, below end: Offset
  ) throws(LogError) -> LogSlice? {
    var place = place
    /// Behind what has been passed that is lost.
    var passed = place.segment.baseOffset
    while place.offset < end {
      let segment = place.segment
      let limit = segment.limit(from: place.position)
      if let slice = try slice(
        at: place, limit: limit, maximumByteCount: maximumByteCount, below: end)
      {
        return slice
      }
      // Damage was found meanwhile, and ends what can be read in one go.
      guard segment.limit(from: place.position) >= limit else { continue }
      if let lost = segment.damage(at: limit, next: passed) {
        try lost.checkUnwanted(from: place.offset)
        passed = lost.offsets.upperBound
        place.position = lost.positions.upperBound
        continue
      }
      guard let next = try self.segment(behind: segment, readTo: place.offset) else { return nil }
      // Only now is this segment's end its last.
      guard segment.published.position == limit else { continue }
      place = Place(segment: next, position: 0, offset: place.offset)
      passed = next.baseOffset
    }
    return nil
  }

  /// The same within one segment.
  private func slice(
    at place: Place, limit: Int, maximumByteCount: Int, below end: Offset
  ) throws(LogError) -> LogSlice? {
    guard place.position < limit else { return nil }
    let file = try open(place.segment)
    var walk = HeaderWalk(
      file, from: place.position, firstOffset: place.segment.baseOffset, limit: limit,
      readAhead: sliceReadAhead, buffers: buffers)
    guard let first = try firstHeader(&walk, from: place.offset, limit: limit) else { return nil }
    guard first.nextOffset <= end else {
      // Beyond its segment it cannot reach. Whoever waited for it would wait for ever.
      if first.nextOffset > place.segment.published.offset {
        _ = try damage(of: place.segment, at: walk.position)
      }
      return nil
    }
    let start = walk.position
    let bound = SliceBound(
      position: start + min(max(0, maximumByteCount), limit - start), offset: end)
    let last = try lastBoundary(&walk, bound, place.segment, file)
    return LogSlice(
      offsets: first.baseOffset..<last.offset, position: start, byteCount: last.position - start,
      pin: SegmentPin(place.segment, file, in: pins, runtime))
  }

  /// The header of the first batch that reaches so far; nil where the segment ends before.
  private func firstHeader(
    _ walk: inout HeaderWalk, from offset: Offset, limit: Int
  ) throws(LogError) -> BatchHeader? {
    while try walk.advance() {
      if let header = walk.header, header.nextOffset > offset { return header }
    }
    guard walk.nextPosition == limit else {
      throw LogError(
        .corrupt,
        "a segment of \(directory) ends at \(limit), in the middle of a batch that begins at "
          + "\(walk.nextPosition)")
    }
    return nil
  }

  /// What is read where a slice may begin or end: an interval of the index, and a header behind it.
  private var sliceReadAhead: Int {
    configuration.indexIntervalByteCount + LogLimits.lookupMargin
  }
}

/// What a slice may not go beyond.
private struct SliceBound {
  var position: Int
  var offset: Offset

  /// The last entry of an index whose batch begins within.
  func lastEntry(in index: borrowing IndexMemory) -> OffsetIndexEntry? {
    index.offsets.last { $0.position <= position && $0.offset < offset }
  }
}

// MARK: The end

extension Log {
  /// Where the last of the batches ends that fit, of which the walk has found the first.
  private func lastBoundary(
    _ walk: inout HeaderWalk, _ bound: SliceBound, _ segment: SegmentFile, _ file: OpenFile
  ) throws(LogError) -> SegmentEnd {
    let first = walk.boundary
    guard bound.position - first.position > LogLimits.lookupByteCount else {
      return walk.lastBoundary(bound)
    }
    guard let entry = bound.lastEntry(in: try index(of: segment)), entry.position > first.position
    else { return walk.lastBoundary(bound) }
    do throws(LogError) {
      return try lastBoundary(from: entry, behind: first, bound, segment, file)
    } catch {
      // Either the index is wrong or the log is: the batches themselves know.
      let found = walk.lastBoundary(bound)
      if error.code == .corrupt, found.position > entry.position { indexWasWrong(segment, error) }
      return found
    }
  }

  /// The same, from an entry of the index on.
  private func lastBoundary(
    from entry: OffsetIndexEntry, behind first: SegmentEnd, _ bound: SliceBound,
    _ segment: SegmentFile, _ file: OpenFile
  ) throws(LogError) -> SegmentEnd {
    var walk = HeaderWalk(
      file, from: entry.position, firstOffset: first.offset, limit: segment.published.position,
      readAhead: sliceReadAhead, buffers: buffers)
    guard try walk.advance(), let header = walk.header else {
      throw .wrongEntry(entry, "no batch begins there")
    }
    guard header.baseOffset <= entry.offset else {
      throw .wrongEntry(entry, "a batch of \(header.baseOffset) is there")
    }
    guard walk.nextPosition <= bound.position else {
      return SegmentEnd(offset: header.baseOffset, position: entry.position)
    }
    return walk.lastBoundary(bound)
  }
}

extension HeaderWalk {
  /// Where the batch ends that was found last.
  fileprivate var boundary: SegmentEnd { SegmentEnd(offset: nextOffset, position: nextPosition) }

  /// Goes on as far as batches lie within the bound, and returns where the last one ends. What is
  /// wrong with a batch behind the first one is for whoever begins there.
  fileprivate mutating func lastBoundary(_ bound: SliceBound) -> SegmentEnd {
    let start = nextPosition
    var reached = boundary
    while reached.position < bound.position {
      guard (try? advance()) == true, let header, header.nextOffset <= bound.offset,
        nextPosition <= bound.position
      else { break }
      reached = boundary
      if reached.position - start > LogLimits.lookupByteCount { hurry() }
    }
    return reached
  }
}
