internal import VarveSystem

// How appends keep out of cleaning's way where a disk runs short: what removes segments needs time, and
// compaction room for one more.

extension Log {
  /// Whether a cleaning is called for by what was appended. One that has failed is tried by times alone.
  var isCleaningDemanded: Bool {
    guard configuration.cleaner != nil, mode == .readWrite else { return false }
    let appended = tail.withLock { $0.appendedByteCount }
    let free = space.withLock { $0.freeByteCount }
    let begun: Int? = cleaning.withLock { $0.status.failureCount == 0 ? $0.begunByteCount : nil }
    guard let begun else { return false }
    return CleaningDemand(
      newByteCount: appended - begun, freeByteCount: free,
      segmentByteCount: configuration.segmentByteCount
    ).isDue
  }

  /// Whether so little is left that no segment is begun beside a cleaning that may make room.
  var isWaitingForRoom: Bool {
    guard configuration.cleaner != nil, space.withLock({ $0.isScarce }) else { return false }
    return isCleaning || isCleaningDemanded
  }

  /// Whether it is cleaned by itself at this moment.
  private var isCleaning: Bool { cleaning.withLock { $0.recurrence.isRunning } }

  /// Until when an append that needs a new segment now waits for room: not for ever, for the cleaning may find
  /// nothing that could go, and take long to find it.
  var roomDeadline: Int64 {
    Recurrence.later(environment.time.monotonicNanoseconds, by: LogLimits.longestRoomWait)
  }

  /// Has an append that needs a new segment wait while a cleaning may make room for it.
  func waitForRoom() {
    let end = roomDeadline
    while lacksRoom(until: end) { environment.time.sleep(nanoseconds: LogLimits.roomPause) }
  }

  /// The same, for a task: it holds no thread between the looks at the disk.
  func waitForRoom(until end: Int64) async throws(LogError) {
    guard configuration.cleaner != nil else { return }
    while try await runtime.wayMakers.run({ [self] in lacksRoom(until: end) }), !Task.isCancelled {
      try? await Task.sleep(nanoseconds: UInt64(LogLimits.roomPause))
    }
  }

  /// Looks at the disk, and sees to it that a cleaning is under way where so little is left. Whether to look
  /// again later: a cleaning that is stepped goes on when the caller has gone.
  private func lacksRoom(until end: Int64) -> Bool {
    guard configuration.cleaner != nil, lookAtSpace() != nil, !runtime.isStepped,
      isWaitingForRoom, !isClosed, environment.time.monotonicNanoseconds < end
    else { return false }
    if !isCleaning { wakeMaintenance() }
    return true
  }
}
