internal import VarveSystem

extension Log {
  /// Goes through all of the log, and compares it with all that is known of it: batches with their
  /// checksums, with each other and with what they added up to as they were written; indexes and leaders'
  /// epochs with the batches.
  ///
  /// What is found to be lost is known from then on: to read it is an error that says which part it is,
  /// and reading goes on behind it. Nothing is changed or removed. Appends and readers go on meanwhile.
  ///
  /// - Throws: What reading meets with, but for damage. ``LogError/Code/closed`` if the log is closed
  ///   meanwhile.
  public func verify() async throws(LogError) -> LogVerification {
    try await runtime.verifiers.run { () throws(LogError) in try self.verifyNow() }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "verifying reads all of the log; use the async form")
  public func verify() throws(LogError) -> LogVerification { try verifyNow() }

  func verifyNow() throws(LogError) -> LogVerification {
    defer { flushEvents() }
    try follow()
    var found: [SegmentVerification] = []
    var next: SegmentFile? = table.current.segments.first
    while let segment = next {
      guard !isClosed else { throw .closed }
      do throws(LogError) {
        found.append(try verify(segment))
        next = table.segment(after: segment.baseOffset)
      } catch {
        // It has gone, or another one stands in its place.
        guard segment.removal != nil else { throw error }
        let end = found.last?.endOffset ?? start
        next = table.floor(of: max(end, start))
      }
    }
    return LogVerification(segments: found)
  }

  private func verify(_ segment: SegmentFile) throws(LogError) -> SegmentVerification {
    let isActive = segment.isActive
    let examination = try examineNow(segment)
    let damage = segment.damage.isEmpty ? examination.damage : segment.damage
    return SegmentVerification(
      baseOffset: segment.baseOffset, endOffset: examination.end.offset,
      byteCount: examination.end.position, isActive: isActive,
      basis: examination.digest == nil ? .checksums : .digest, damage: damage,
      index: isActive || !damage.isEmpty ? nil : try indexState(of: segment, examination),
      epochConflicts: damage.isEmpty ? conflicts(of: examination) : [])
  }

  private func conflicts(of examination: SegmentExamination) -> [SegmentVerification.EpochConflict]
  {
    let cache = epochs.cache
    return examination.scan.sightings.compactMap { sighting in
      // What lies before the log's start is in the list no more.
      // Of batches without an epoch the list says nothing.
      guard sighting.lastOffset >= start, sighting.epoch != .none else { return nil }
      let first = max(sighting.firstOffset, start)
      let listed = cache.epoch(for: first)
      guard listed != sighting.epoch || cache.epoch(for: sighting.lastOffset) != sighting.epoch
      else { return nil }
      return SegmentVerification.EpochConflict(
        offsets: first..<sighting.lastOffset.advanced(by: 1), epoch: sighting.epoch, listed: listed)
    }
  }

  private func indexState(
    of segment: SegmentFile, _ examination: SegmentExamination
  ) throws(LogError) -> SegmentVerification.IndexState {
    var state = SegmentVerification.IndexState.missing
    if let index = try storedIndex(of: segment, examination.end) {
      var comparison = IndexComparison(index)
      do throws(SystemError) {
        try comparison.run(through: examination)
      } catch {
        throw LogError(error, "compare the indexes of the segment \(segment.baseOffset)")
      }
      state = comparison.state
    }
    if state != .sound { try checkIsThere(segment) }
    return state
  }

  /// What its index files hold. Under the lock of those who change names: where a segment is about to take
  /// the place of others, theirs have gone before its own are there, and nothing is wrong with either.
  private func storedIndex(
    of segment: SegmentFile, _ end: SegmentEnd
  ) throws(LogError) -> IndexMemory? {
    let limits = IndexLimits(
      configuration, segmentByteCount: max(end.position, configuration.segmentByteCount))
    return try sealing.withLock { _ throws(LogError) in
      try checkIsThere(segment)
      do throws(SystemError) {
        return try IndexFiles.read(
          segment.path, end: end, limits: limits, in: environment.fileSystem)
      } catch {
        throw LogError(error, "read the indexes of the segment \(segment.baseOffset)")
      }
    }
  }

  private func checkIsThere(_ segment: SegmentFile) throws(LogError) {
    guard segment.removal != nil else { return }
    throw LogError(.retry, "the segment \(segment.baseOffset) of \(directory) has gone")
  }
}
