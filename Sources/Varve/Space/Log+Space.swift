internal import VarveSystem

// Whether there is room is asked when room is taken, not by a timer: a fast disk goes from nearly full to
// full in seconds. Only while there is little is it asked again and again, to tell when there is more.

extension Log {
  /// How much room the log's disk has for it. ``LogEvent/diskStateChanged(_:)`` tells when that changes.
  public var diskState: DiskState { space.withLock { $0.state } }

  /// Looks at the disk where that is due, and says when to look again.
  func watchSpace(now: Int64) -> Int64? {
    guard mode == .readWrite, !isClosed else { return nil }
    let failureCount = tail.withLock { $0.fullCount }
    if space.withLock({ $0.mustLook(failureCount: failureCount) }) { lookAtSpace() }
    switch diskState {
    case .ok: return nil
    case .low: return now + LogLimits.spaceInterval
    case .writeBlocked: return now + LogLimits.retryInterval
    }
  }

  /// Looks how much is free, and returns that; nil where it cannot be told.
  @discardableResult
  func lookAtSpace() -> Int? {
    guard let found = try? environment.fileSystem.space(at: directory) else { return nil }
    let (failureCount, end) = tail.withLock { ($0.fullCount, $0.nextOffset) }
    let sight = SpaceWatch.Sight(
      freeByteCount: found.freeByteCount, totalByteCount: found.totalByteCount,
      failureCount: failureCount, end: end)
    let changed = space.withLock { space in space.see(sight) ? space.state : nil }
    if let changed { tell(.diskStateChanged(changed)) }
    return found.freeByteCount
  }

  /// Refuses to begin a segment where that would be at the cost of the reserve.
  func checkReserve() throws(LogError) {
    guard configuration.diskWatermarks.reservedByteCount > 0, let free = lookAtSpace(),
      !space.withLock({ $0.mayBegin(withFree: free) })
    else { return }
    throw LogError(
      .full,
      "\(free) bytes are free for \(directory), and \(configuration.diskWatermarks.reservedByteCount) "
        + "are reserved")
  }

  /// Whether maintenance may begin a segment ahead of time.
  var mayPrepareSegment: Bool {
    (configuration.diskWatermarks.reservedByteCount == 0 || diskState != .writeBlocked)
      && !isWaitingForRoom
  }
}

extension TailState {
  /// Takes note of a write that failed for want of room.
  mutating func noteFull(_ error: SystemError) {
    if error.errno == .noSpace || error.errno == .quota { fullCount += 1 }
  }
}
