internal import VarveSystem

extension Log {
  /// Has the log cleaned where that is due, and says when to look again; nil where nobody decides what
  /// may go.
  func cleanIfDue(now: Int64) -> Int64? {
    guard configuration.cleaner != nil, mode == .readWrite else { return nil }
    let interval = configuration.cleaningInterval.nanoseconds
    let (deadline, isDue) = cleaning.withLock { state -> (Int64, Bool) in
      // Soon after opening too: a host that is started anew every few minutes would never clean.
      let due = state.deadline ?? Self.later(now, by: min(interval, LogLimits.firstCleaningAfter))
      guard now >= due, !state.isRunning else {
        state.deadline = due
        return (max(due, now + (state.isRunning ? LogLimits.maintenanceInterval : 0)), false)
      }
      state.isRunning = true
      state.deadline = Self.later(now, by: interval)
      return (Self.later(now, by: interval), true)
    }
    if isDue { runtime.syncers.perform { [self] in cleanByItself() } }
    return deadline
  }

  private func cleanByItself() {
    guard let begun = telling({ () throws(LogError) in try beginCleaning() }) else {
      return endCleaning()
    }
    guard begun.plan.compaction != nil else { return finishByItself(begun) }
    // Apart from those who sync: it takes as long as it takes to read the log.
    runtime.compactors.perform { [self] in finishByItself(begun) }
  }

  private func finishByItself(_ begun: CleanerReport) {
    _ = telling { () throws(LogError) in try finishCleaning(begun) }
    endCleaning()
  }

  private func endCleaning() { cleaning.withLock { $0.isRunning = false } }

  /// Tells of what fails; nil where something did.
  private func telling(_ body: () throws(LogError) -> CleanerReport) -> CleanerReport? {
    guard !isClosed else { return nil }
    do throws(LogError) {
      return try body()
    } catch {
      guard error.code != .closed else { return nil }
      backOff()
      tell(.cleaningFailed(error))
      if !runtime.isStepped { flushEvents() }
      return nil
    }
  }

  /// What fails again and again is tried less and less often.
  private func backOff() {
    let interval = configuration.cleaningInterval.nanoseconds
    cleaning.withLock { state in
      let pause = CleaningState.pause(after: state.status.failureCount, interval: interval)
      state.deadline = state.deadline.map { Self.later($0, by: pause - interval) }
    }
  }

  static func later(_ now: Int64, by nanoseconds: Int64) -> Int64 {
    let (sum, overflow) = now.addingReportingOverflow(nanoseconds)
    return overflow ? .max : sum
  }
}

extension CleaningState {
  /// How long it takes until the next attempt after so many that failed in a row: twice as long each time,
  /// up to a limit, or to the interval where that is longer.
  static func pause(after failureCount: Int, interval: Int64) -> Int64 {
    guard failureCount > 1, interval < LogLimits.longestCleaningPause else { return interval }
    let doubled = interval.multipliedReportingOverflow(by: 1 << min(failureCount - 1, 62))
    return doubled.overflow
      ? LogLimits.longestCleaningPause : min(doubled.partialValue, LogLimits.longestCleaningPause)
  }
}
