internal import VarveSystem

extension Log {
  /// Asks the log's policy what may go, and removes it.
  ///
  /// That is done every ``LogConfiguration/cleaningInterval`` by itself, and sooner where the disk runs
  /// short; this does it at once.
  ///
  /// - Throws: What the policy threw, as ``LogError/Code/invalidArgument`` if it is no ``LogError``, and
  ///   what removing and compacting meet with. What was removed before that is gone.
  @discardableResult
  public func clean() async throws(LogError) -> CleanerReport { try await clean(.own) }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "cleaning waits for the device; use the async form")
  @discardableResult
  public func clean() throws(LogError) -> CleanerReport { try cleanNow() }

  /// What ``clean()-15rab`` would do now.
  public func cleanerPlan() async throws(LogError) -> CleanerPlan { try await cleanerPlan(.own) }

  /// How the log's cleaning goes.
  public var cleanerStatus: CleanerStatus { cleaning.withLock { $0.status } }
}

// MARK: By another policy

extension Log {
  /// Asks a policy once what may go, and removes it, whatever the log's own ``LogConfiguration/cleaner`` is.
  ///
  /// What lies behind the high watermark, say, is refused to this one as it is to the log's own; but a bound
  /// of that, like ``CleanerPolicy/notBeyond(_:)``, is none of this one. ``cleanerStatus`` counts the bytes that
  /// go, and says up to where the log is compacted; how often it was cleaned, how that ended, and when it is
  /// due next is about the log's own policy alone.
  ///
  /// - Throws: What the policy threw, as ``LogError/Code/invalidArgument`` if it is no ``LogError``, and
  ///   what removing and compacting meet with. What was removed before that is gone.
  @discardableResult
  public func clean(by policy: any CleanerPolicy) async throws(LogError) -> CleanerReport {
    try await clean(.other(policy))
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "cleaning waits for the device; use the async form")
  @discardableResult
  public func clean(by policy: any CleanerPolicy) throws(LogError) -> CleanerReport {
    try cleanNow(.other(policy))
  }

  /// What cleaning by a policy would do now, whatever the log's own is. Also of a log that was opened to
  /// read.
  public func cleanerPlan(by policy: any CleanerPolicy) async throws(LogError) -> CleanerPlan {
    try await cleanerPlan(.other(policy))
  }
}

/// Who decides what may go, this time.
enum CleaningOrder: Sendable {
  /// The log's own policy.
  case own
  /// Somebody who was asked once.
  case other(any CleanerPolicy)

  var isOwn: Bool {
    switch self {
    case .own: true
    case .other: false
    }
  }
}

/// What is known of the cleaning of a log. Under a lock of its own, which is held for a moment.
struct CleaningState: Sendable {
  var status = CleanerStatus()
  var recurrence = Recurrence()
  /// How many bytes had been appended when the last one began.
  var begunByteCount = 0
  /// Up to where the log was compacted.
  var cleanedBelow: Offset = 0
  /// How often the log was cut: what comes to it behind that has not been compacted.
  var cutCount = 0
}

// MARK: Doing it

extension Log {
  private func clean(_ order: CleaningOrder) async throws(LogError) -> CleanerReport {
    // It may wait for a sync, as nothing on a worker does.
    let begun = try await runtime.syncers.run { () throws(LogError) in
      try self.beginCleaning(order)
    }
    guard let compaction = begun.plan.compaction else { return try finishCleaning(begun, order) }
    let weight = reclaimableByteCount(of: compaction)
    return try await runtime.compactors.run(weight: weight) { () throws(LogError) in
      try self.finishCleaning(begun, order)
    }
  }

  @discardableResult
  func cleanNow(_ order: CleaningOrder = .own) throws(LogError) -> CleanerReport {
    try finishCleaning(try beginCleaning(order), order)
  }

  private func cleanerPlan(_ order: CleaningOrder) async throws(LogError) -> CleanerPlan {
    try await runtime.workers.run { () throws(LogError) in
      let view = try self.cleanerView()
      return try self.plan(view, order)
    }
  }

  /// Does what takes no longer than a sync or two: all but to compact.
  func beginCleaning(_ order: CleaningOrder = .own) throws(LogError) -> CleanerReport {
    defer { flushEvents() }
    return try noting(order) { () throws(LogError) in
      guard mode == .readWrite else {
        throw LogError(.invalidArgument, "the log was opened to read, not to be cleaned")
      }
      if order.isOwn { noteBeginning() }
      let view = try cleanerView()
      let plan = try plan(view, order)
      return try carryOut(plan, view)
    }
  }

  /// What is appended from here on counts towards the next one.
  private func noteBeginning() {
    let appended = tail.withLock { $0.appendedByteCount }
    cleaning.withLock { $0.begunByteCount = appended }
  }

  /// Does all of a plan but to compact.
  func carryOut(_ plan: CleanerPlan, _ view: CleanerView) throws(LogError) -> CleanerReport {
    if plan.rolls { try rollNow(.cleaning) }
    let deleted = plan.deleted(from: view)
    if let last = deleted.last { try deleteRecordsNow(before: firstKept(behind: last)) }
    let byteCount = deleted.reduce(0) { $0 + $1.byteCount }
    cleaning.withLock { $0.status.deletedByteCount += byteCount }
    return CleanerReport(time: view.now, plan: plan, deleted: deleted)
  }

  /// Compacts, where that is wanted, and tells of all that was done.
  @discardableResult
  func finishCleaning(
    _ begun: CleanerReport, _ order: CleaningOrder = .own
  ) throws(LogError) -> CleanerReport {
    defer { flushEvents() }
    return try noting(order) { () throws(LogError) in
      var report = begun
      // What was removed is told, however this ends.
      defer { if !report.isIdle { tell(.cleaned(report)) } }
      if let wanted = begun.plan.compaction {
        // It may have waited for others for long: what is cleaned now is cleaned now.
        report.compaction = try compactNow(
          wanted, now: Timestamp(rawValue: environment.time.wallMilliseconds))
      }
      cleaning.withLock { [report] state in
        if let compaction = report.compaction { state.status.take(compaction) }
        if order.isOwn { state.status.succeed(report) }
      }
      return report
    }
  }

  /// Takes note of why cleaning by the log's own policy fails.
  private func noting(
    _ order: CleaningOrder, _ body: () throws(LogError) -> CleanerReport
  ) throws(LogError) -> CleanerReport {
    do throws(LogError) {
      return try body()
    } catch {
      if order.isOwn { cleaning.withLock { $0.status.fail(error) } }
      throw error
    }
  }

  private func plan(_ view: CleanerView, _ order: CleaningOrder) throws(LogError) -> CleanerPlan {
    guard let policy = policy(of: order) else { return CleanerPlan([], for: view) }
    do {
      return CleanerPlan(try policy.plan(view), for: view)
    } catch {
      throw error as? LogError
        ?? LogError(.invalidArgument, "the cleaner policy of \(directory) failed: \(error)")
    }
  }

  private func policy(of order: CleaningOrder) -> (any CleanerPolicy)? {
    switch order {
    case .own: configuration.cleaner
    case .other(let policy): policy
    }
  }

  /// Where the log starts without a segment and those before it.
  private func firstKept(behind segment: CleanerSegment) -> Offset {
    table.segment(after: segment.baseOffset)?.baseOffset ?? segment.endOffset
  }
}

extension CleanerStatus {
  fileprivate mutating func take(_ compaction: CompactionReport) {
    compactedByteCount += compaction.byteCountBefore - compaction.byteCountAfter
    compactedBelow = compaction.end
  }

  fileprivate mutating func succeed(_ report: CleanerReport) {
    count += 1
    lastSuccess = report.time
    (failure, failureCount) = (nil, 0)
    refusals = report.plan.refusals
  }

  fileprivate mutating func fail(_ error: LogError) {
    count += 1
    failure = error
    failureCount += 1
  }
}
