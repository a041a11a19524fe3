internal import VarveSystem

extension Log {
  /// The first offset that may not be on the device: what lies before it outlives a power cut.
  public var durableEnd: Offset { commits.durableEnd }

  /// Waits until all records before an offset are on the device, and sees to it that they get there.
  ///
  /// - Throws: ``LogError/Code/poisoned`` where a sync has failed, ``LogError/Code/closed``,
  ///   ``LogError/Code/cancelled`` where the task is cancelled meanwhile, and what kept the log from
  ///   syncing: the records stay, and may become durable later.
  public func waitUntilDurable(_ offset: Offset) async throws(LogError) {
    let cutCount = commits.cutCount
    try checkSyncable(offset)
    try await waitUntilDurable(offset, since: cutCount)
  }

  /// The same, for threads that may wait for a device: this one syncs, unless another one does.
  @available(*, noasync, message: "a sync waits for the device; use the async form")
  public func waitUntilDurable(_ offset: Offset) throws(LogError) {
    try waitUntilDurableNow(offset)
  }

  /// Brings to the device what has been appended so far.
  ///
  /// - Returns: The first offset that may not be there.
  /// - Throws: As ``waitUntilDurable(_:)-4piyj``.
  @discardableResult
  public func flush() async throws(LogError) -> Offset {
    try await waitUntilDurable(end)
    return durableEnd
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "a sync waits for the device; use the async form")
  @discardableResult
  public func flush() throws(LogError) -> Offset {
    try waitUntilDurableNow(end)
    return durableEnd
  }
}

extension Log {
  /// The same of what lay before an offset when the log had been cut so often, or has come since.
  func waitUntilDurable(_ offset: Offset, since cutCount: Int) async throws(LogError) {
    defer { flushEvents() }
    let begin = environment.time.monotonicNanoseconds
    try await commits.wait(for: offset, cutCount, handOver: leadElsewhere)
    noteAcknowledgement(since: begin)
  }

  func waitUntilDurableNow(_ offset: Offset) throws(LogError) {
    guard durableEnd < offset else { return }
    let cutCount = commits.cutCount
    try checkSyncable(offset)
    try waitUntilDurableNow(offset, since: cutCount)
  }

  func waitUntilDurableNow(_ offset: Offset, since cutCount: Int) throws(LogError) {
    guard !commits.isDurable(offset, cutCount) else { return }
    defer { flushEvents() }
    let begin = environment.time.monotonicNanoseconds
    try commits.wait(for: offset, cutCount, handOver: leadElsewhere) { () throws(LogError) in
      try syncOnce()
    }
    noteAcknowledgement(since: begin)
  }

  private func noteAcknowledgement(since begin: Int64) {
    meters.noteAcknowledgement(nanoseconds: environment.time.monotonicNanoseconds - begin)
  }

  /// Has one of the runtime's threads sync, for those who wait.
  @Sendable
  func leadElsewhere() {
    runtime.committers.perform { [self] in
      commits.lead(unheard: tellUnheard) { () throws(LogError) in try syncOnce() }
      if !runtime.isStepped { flushEvents() }
    }
  }

  /// What nobody waited for did not come about. That the log is poisoned, or closed, somebody else tells,
  /// and once.
  func tellUnheard(_ error: LogError) {
    if error.code != .poisoned, error.code != .closed { tell(.maintenanceFailed(error)) }
  }

  /// Has what was appended so far brought to the device, and waits for nothing.
  func syncSoon() {
    if commits.beginLeading() { leadElsewhere() }
  }

  private func checkSyncable(_ offset: Offset) throws(LogError) {
    guard offset <= end else {
      // It may have been the end's, before a failed sync took that back.
      if let failure = commits.failure, failure.code == .poisoned { throw failure }
      throw LogError(
        .invalidArgument,
        "offset \(offset) lies behind the log's end, \(end): nothing makes it durable")
    }
    guard mode == .readWrite || durableEnd >= offset else {
      throw LogError(.invalidArgument, "the log was opened to read: another process syncs it")
    }
  }
}
