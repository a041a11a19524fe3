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

  /// Has an append that needs a new segment wait while that is so; not for ever, for the cleaning may find
  /// nothing that could go, and take long to find it.
  func waitForRoom() {
    guard configuration.cleaner != nil, lookAtSpace() != nil, !runtime.isStepped else { return }
    let time = environment.time
    let end = Recurrence.later(time.monotonicNanoseconds, by: LogLimits.longestRoomWait)
    while isWaitingForRoom, !isClosed, time.monotonicNanoseconds < end {
      if !isCleaning { wakeMaintenance() }
      time.sleep(nanoseconds: LogLimits.roomPause)
      lookAtSpace()
    }
  }
}
