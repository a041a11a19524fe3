internal import VarveSystem

extension Log {
  /// Has the log cleaned where that is due, and says when to look again; nil where nobody decides what
  /// may go.
  func cleanIfDue(now: Int64) -> Int64? {
    guard configuration.cleaner != nil, mode == .readWrite else { return nil }
    let interval = configuration.cleaningInterval.nanoseconds
    let isDemanded = isCleaningDemanded
    let (deadline, isDue) = cleaning.withLock {
      $0.recurrence.look(
        now: now, interval: interval, first: LogLimits.firstCleaningAfter, isDemanded: isDemanded)
    }
    if isDue { runtime.syncers.perform { [self] in cleanByItself() } }
    return deadline
  }

  private func cleanByItself() {
    guard let begun = telling({ () throws(LogError) in try beginCleaning() }) else {
      return endCleaning()
    }
    guard let compaction = begun.plan.compaction else { return finishByItself(begun) }
    // Apart from those who sync: it takes as long as it takes to read the log.
    runtime.compactors.perform(weight: reclaimableByteCount(of: compaction)) { [self] in
      finishByItself(begun)
    }
  }

  private func finishByItself(_ begun: CleanerReport) {
    _ = telling { () throws(LogError) in try finishCleaning(begun) }
    endCleaning()
  }

  private func endCleaning() {
    cleaning.withLock { $0.recurrence.end() }
    // What came meanwhile may be enough for the next one.
    if isCleaningDemanded { wakeMaintenance() }
  }

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
      state.recurrence.delay(by: pause - interval)
    }
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
