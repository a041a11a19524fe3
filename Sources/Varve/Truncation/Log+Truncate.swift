internal import VarveSystem

extension Log {
  /// Cuts off what lies at an offset and behind it, as a follower does with what its leader does not
  /// have.
  ///
  /// Batches are cut off whole: the log ends before the one that holds the offset, so that nothing is
  /// missing in it once the leader has sent that again. Before the log's first segment, it begins anew,
  /// as by ``truncateFully(startingAt:)-7ht93``; at its end or behind it, only leaders are forgotten that
  /// began there.
  ///
  /// When this returns, it is on the device; a crash leaves the log as it was or as it is to be. Slices
  /// that are held keep their bytes. Readers that have come further are told so, by
  /// ``LogError/Code/trimmed``; waits for what was cut off to become durable end with the same. Appends
  /// meanwhile fail with ``LogError/Code/retry``.
  ///
  /// - Returns: Where the log ends, until something is appended.
  /// - Throws: ``LogError/Code/corrupt`` where batches before the offset are lost; the log is as it was
  ///   then. ``LogError/Code/device`` where the log is not known to be cut or not: it takes no more
  ///   appends, and is one of the two when it is opened again.
  @discardableResult
  public func truncate(to offset: Offset) async throws(LogError) -> Offset {
    try checkCuttable(offset)
    while true {
      if let end = try forgetLeaders(from: offset) { return end }
      let end = try await cutAlone { log throws(LogError) in try log.planCut(to: offset) }
      if let end { return end }
    }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "cutting waits for the device; use the async form")
  @discardableResult
  public func truncate(to offset: Offset) throws(LogError) -> Offset {
    try truncateNow(to: offset)
  }

  /// Removes all that the log has, and lets it begin anew at an offset, as a follower does that has
  /// nothing in common with its leader any more.
  ///
  /// - Throws: As ``truncate(to:)-850wt``.
  public func truncateFully(startingAt offset: Offset) async throws(LogError) {
    try checkCuttable(offset)
    _ = try await cutAlone { log throws(LogError) in try log.freshCut(at: offset) }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "cutting waits for the device; use the async form")
  public func truncateFully(startingAt offset: Offset) throws(LogError) {
    try restartNow(at: offset)
  }
}

extension Log {
  @discardableResult
  func truncateNow(to offset: Offset) throws(LogError) -> Offset {
    try checkCuttable(offset)
    while true {
      if let end = try forgetLeaders(from: offset) { return end }
      if let end = try cutAlone({ () throws(LogError) in try planCut(to: offset) }) { return end }
    }
  }

  func restartNow(at offset: Offset) throws(LogError) {
    try checkCuttable(offset)
    _ = try cutAlone { () throws(LogError) in try freshCut(at: offset) }
  }

  private func checkCuttable(_ offset: Offset) throws(LogError) {
    guard mode == .readWrite else {
      throw LogError(.invalidArgument, "the log was opened to read, not to be cut")
    }
    guard offset >= 0, offset < Offset(rawValue: .max) else {
      throw LogError(.invalidArgument, "no log ends at \(offset)")
    }
  }

  /// Reigns that have begun at the log's end have left nothing. Returns the end; nil where it lies behind
  /// the offset, or is being moved by another cut.
  private func forgetLeaders(from offset: Offset) throws(LogError) -> Offset? {
    let end = try tail.withLock { tail throws(LogError) -> Offset? in
      guard !tail.isHeld else { return nil }
      if let refusal = tail.refusal { throw refusal }
      guard tail.nextOffset <= offset.rawValue else { return nil }
      epochs.update { $0.truncate(from: offset) }
      goOn(&tail, behind: tail.lastEpoch)
      return Offset(rawValue: tail.nextOffset)
    }
    if end != nil { saveEpochsSoon() }
    return end
  }
}

// MARK: Alone

extension Log {
  /// A cut, and what goes on behind it.
  struct PlannedCut {
    let cut: LogCut
    let scan: SegmentScan
    /// The segment of which something is kept.
    let segment: SegmentFile?
  }

  /// Cuts the log while nobody appends to it, syncs it, or works on its segments. Returns where it then
  /// ends; nil where there was nothing to cut.
  private func cutAlone(
    _ plan: () throws(LogError) -> PlannedCut?
  ) throws(LogError) -> Offset? {
    defer { tellOfCut() }
    return try commits.alone(handOver: leadElsewhere) { () throws(LogError) in try cut(plan) }
  }

  /// The same, by the thread that syncs for tasks.
  private func cutAlone(
    _ plan: @escaping @Sendable (Log) throws(LogError) -> PlannedCut?
  ) async throws(LogError) -> Offset? {
    defer { tellOfCut() }
    return try await commits.alone(handOver: leadElsewhere) { [self] () throws(LogError) in
      try cut { () throws(LogError) in try plan(self) }
    }
  }

  private func cut(_ plan: () throws(LogError) -> PlannedCut?) throws(LogError) -> Offset? {
    try upkeep.withLock { _ throws(LogError) in
      try hold()
      defer { tail.withLock { $0.resume() } }
      try finishSeals()
      return try sealing.withLock { _ throws(LogError) in
        guard let planned = try plan() else { return nil }
        try perform(planned)
        return planned.cut.end.offset
      }
    }
  }

  private func tellOfCut() {
    wakeWhoReads()
    wakeMaintenance()
    flushEvents()
  }

  private func hold() throws(LogError) {
    let mapping = try tail.withLock { tail throws(LogError) in
      if let refusal = tail.refusal { throw refusal }
      return tail.hold()
    }
    if let mapping { runtime.reap(mapping) }
  }

  /// Every segment but the last has its final form, is on the device, and has its own name.
  private func finishSeals() throws(LogError) {
    try sealWaiting()
    sealing.withLock { _ in rewriteIndexes() }
  }

  private func wakeWhoReads() {
    for waiters in [waiters, commits.watchers, watermark.watchers] { waiters.wakeIfAny() }
  }
}

// MARK: Planning

extension Log {
  /// How the log is cut at an offset; nil if it ends there by now.
  private func planCut(to offset: Offset) throws(LogError) -> PlannedCut? {
    guard offset < end else { return nil }
    guard offset >= table.current.segments[0].baseOffset else { return try freshCut(at: offset) }
    return try plannedCut(to: offset)
  }

  private func plannedCut(to offset: Offset) throws(LogError) -> PlannedCut {
    let segment = table.floor(of: offset)
    let limit = segment.damage.first?.positions.lowerBound ?? segment.published.position
    var scan = try newScan(of: segment.baseOffset, byteCount: limit)
    do throws(SystemError) {
      try scan.run(
        through: try segment.openFile(), SegmentScan.Bounds(byteCount: limit, nextBase: offset))
    } catch {
      throw LogError(error, "look where to cut \(directory)")
    }
    if let fault = scan.fault { throw fault }
    if let lost = segment.damage.first, lost.offsets.lowerBound < offset { throw .damaged(lost) }
    let end = DurableMark(
      offset: scan.end.offset, segmentBase: segment.baseOffset, position: scan.end.position)
    return PlannedCut(cut: LogCut(end: end, isFresh: false), scan: scan, segment: segment)
  }

  private func freshCut(at offset: Offset) throws(LogError) -> PlannedCut {
    let end = DurableMark(offset: offset, segmentBase: offset, position: 0)
    return PlannedCut(
      cut: LogCut(end: end, isFresh: true), scan: try newScan(of: offset, byteCount: 0),
      segment: nil)
  }

  private func newScan(of base: Offset, byteCount: Int) throws(LogError) -> SegmentScan {
    do throws(SystemError) {
      return try SegmentScan(of: base, byteCount: byteCount, configuration)
    } catch {
      throw LogError(error, "make the indexes of the segment \(base)")
    }
  }
}
