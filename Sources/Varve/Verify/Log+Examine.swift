internal import VarveSystem

// What readers do who come to something that cannot be: they have the segment looked through, and what is
// found to be lost there is known from then on.

extension Log {
  /// Looks through a segment, once in a log's life: what is lost in it is known then.
  ///
  /// It reads the whole segment. For threads that may wait for a device.
  func examine(_ segment: SegmentFile) throws(LogError) {
    guard !segment.isExamined else { return }
    try examining.withLock { _ throws(LogError) in
      // Whoever had the lock may have done it.
      guard !segment.isExamined else { return }
      _ = try examineNow(segment)
    }
    flushEvents()
  }

  /// Looks through a segment, and takes note of what is lost in it.
  func examineNow(
    _ segment: SegmentFile, pace: (Int) -> Void = { _ in }
  ) throws(LogError) -> SegmentExamination {
    let file = try open(segment)
    let (end, digest) = extent(of: segment)
    var examination: SegmentExamination
    do throws(SystemError) {
      examination = try SegmentExamination(
        segment, file, until: end, digest: digest, configuration)
      try examination.run(pace: pace)
    } catch {
      throw LogError(error, "look through the segment \(segment.baseOffset) of \(directory)")
    }
    // Of one that was cut meanwhile this says nothing.
    guard segment.removal == nil, segment.published.position >= end.position else {
      return examination
    }
    note(segment.learn(damage: examination.damage), of: segment)
    segment.didExamine(at: Timestamp(rawValue: environment.time.wallMilliseconds))
    return examination
  }

  /// Up to where a segment goes now, and what it adds up to.
  private func extent(of segment: SegmentFile) -> (SegmentEnd, SegmentDigest?) {
    let active = tail.withLock { tail in
      tail.segment === segment && tail.refusal == nil ? (tail.end, tail.digest) : nil
    }
    if let active { return active }
    let end = segment.published.end
    return (end, segment.content.flatMap { $0.end == end.position ? $0.digest : nil })
  }

  /// Tells of what was found to be lost, and has it kept for the next opening.
  private func note(_ found: [DamagedRange], of segment: SegmentFile) {
    guard !found.isEmpty else { return }
    for part in found { tell(.damageFound(part)) }
    guard mode == .readWrite else { return }
    runtime.syncers.perform { [self] in keep(found, of: segment) }
  }

  /// Where that fails, it is found again by whoever reads there. Of a segment that is being written, or does
  /// not have its final form yet, its seal is to say it, or the close.
  private func keep(_ found: [DamagedRange], of segment: SegmentFile) {
    sealing.withLock { _ in
      guard directoryLock?.isHeld == true, segment.removal == nil, !segment.isActive else { return }
      do throws(SystemError) {
        try sideFile?.update(adding: found.map { .damage($0) })
      } catch {
        tell(.maintenanceFailed(LogError(error, "note what is lost in \(directory)")))
      }
    }
    if !runtime.isStepped { flushEvents() }
  }
}

// MARK: Doubts

extension LogError {
  /// Whether it may be the log itself that is damaged.
  func casts(doubtOn segment: SegmentFile) -> Bool {
    // Of what others wrote in an older format it says nothing.
    (code == .corrupt && damage == nil)
      || (code == .unsupported && (segment.isActive || segment.content != nil))
  }
}

extension Log {
  /// Whether a batch may be another than was appended there, though its checksum holds: that covers
  /// neither its offset nor its epoch.
  ///
  /// - Parameter expected: The offset behind the batch before it; nil where that is not known.
  func doubts(_ header: BatchHeader, at expected: Offset?) -> Bool {
    if let expected, header.baseOffset != expected { return true }
    return header.leaderEpoch != epochs.cache.epoch(for: header.baseOffset) ?? .none
  }

  /// What is lost at a position of a segment which is doubted, if that is so.
  func damage(of segment: SegmentFile, at position: Int) throws(LogError) -> DamagedRange? {
    try examine(segment)
    return segment.damage.first { $0.positions.contains(position) }
  }

  /// What is lost where something cannot be: what lies there, or else the batch before it, which then
  /// seemed to reach too far.
  func damage(
    of segment: SegmentFile, at position: Int, behind previous: Int
  ) throws(LogError) -> DamagedRange? {
    if let lost = try damage(of: segment, at: position) { return lost }
    return try damage(of: segment, at: previous)
  }
}

extension BatchStream {
  /// Where something is that may not be as it was, after a step: a batch that is doubted, or one that seems
  /// to reach beyond the place, or the offset, where one was published to end.
  @inline(__always)
  func doubtfulPosition(after step: Step, of segment: SegmentFile, in log: Log) -> Int? {
    switch step {
    case .batch:
      // Of any batch: behind one that seems to reach beyond what may be read, nothing is looked at any more.
      isBehindGap && log.doubts(currentHeader, at: expectedOffset)
        || nextOffset > segment.published.offset ? batchPosition : nil
    case .end: isAtLimit ? nil : position
    case .needsBytes: nil
    }
  }
}
