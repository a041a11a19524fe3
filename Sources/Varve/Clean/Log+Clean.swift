internal import VarveSystem

extension Log {
  /// Asks the log's policy what may go, and removes it.
  ///
  /// That is done every ``LogConfiguration/cleaningInterval`` by itself; this does it at once.
  ///
  /// - Throws: What the policy threw, as ``LogError/Code/invalidArgument`` if it is no ``LogError``, and
  ///   what removing meets with. What was removed before that is gone.
  @discardableResult
  public func clean() async throws(LogError) -> CleanerReport {
    // It may wait for a sync, as nothing on a worker does.
    try await runtime.syncers.run { () throws(LogError) in try self.cleanNow() }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "cleaning waits for the device; use the async form")
  @discardableResult
  public func clean() throws(LogError) -> CleanerReport { try cleanNow() }

  /// What ``clean()`` would do now.
  public func cleanerPlan() async throws(LogError) -> CleanerPlan {
    try await runtime.workers.run { () throws(LogError) in
      let view = try self.cleanerView()
      return try self.plan(view)
    }
  }

  /// How the log's cleaning goes.
  public var cleanerStatus: CleanerStatus { cleaning.withLock { $0.status } }
}

/// What is known of the cleaning of a log. Under a lock of its own, which is held for a moment.
struct CleaningState: Sendable {
  var status = CleanerStatus()
  /// Whether one is under way: a second one would want what the first one does.
  var isRunning = false
  /// When it is to be done next; nil until somebody has looked.
  var deadline: Int64?
}

// MARK: Doing it

extension Log {
  @discardableResult
  func cleanNow() throws(LogError) -> CleanerReport {
    defer { flushEvents() }
    do throws(LogError) {
      let report = try carryOutCleaning()
      cleaning.withLock { $0.status.take(report) }
      if !report.deleted.isEmpty || !report.plan.refusals.isEmpty { tell(.cleaned(report)) }
      return report
    } catch {
      cleaning.withLock { state in
        state.status.fail(error)
      }
      throw error
    }
  }

  private func carryOutCleaning() throws(LogError) -> CleanerReport {
    guard mode == .readWrite else {
      throw LogError(.invalidArgument, "the log was opened to read, not to be cleaned")
    }
    let view = try cleanerView()
    let plan = try plan(view)
    if plan.rolls { try rollNow() }
    let deleted = plan.deleted(from: view)
    if let last = deleted.last { try deleteRecordsNow(before: firstKept(behind: last)) }
    return CleanerReport(time: view.now, plan: plan, deleted: deleted)
  }

  func plan(_ view: CleanerView) throws(LogError) -> CleanerPlan {
    guard let policy = configuration.cleaner else { return CleanerPlan([], for: view) }
    do {
      return CleanerPlan(try policy.plan(view), for: view)
    } catch {
      throw error as? LogError
        ?? LogError(.invalidArgument, "the cleaner policy of \(directory) failed: \(error)")
    }
  }

  /// Where the log starts without a segment and those before it.
  private func firstKept(behind segment: CleanerSegment) -> Offset {
    table.segment(after: segment.baseOffset)?.baseOffset ?? segment.endOffset
  }

  /// Goes on in a new segment, unless nothing is in the one that is being written.
  private func rollNow() throws(LogError) {
    while true {
      let isDone = try tail.withLock { tail throws(LogError) in
        if let refusal = tail.refusal { throw refusal }
        guard tail.position > 0 else { return true }
        guard tail.spare != nil else { return false }
        tail.roll(.cleaning, clock)
        return true
      }
      if isDone { return try sealWaiting() }
      try makeSpareReady()
    }
  }
}

extension CleanerStatus {
  fileprivate mutating func take(_ report: CleanerReport) {
    count += 1
    lastSuccess = report.time
    deletedByteCount += report.deletedByteCount
    (failure, failureCount) = (nil, 0)
    refusals = report.plan.refusals
  }

  fileprivate mutating func fail(_ error: LogError) {
    count += 1
    failure = error
    failureCount += 1
  }
}
