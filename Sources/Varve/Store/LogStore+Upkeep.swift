internal import VarveSystem

extension LogStore: Maintained {
  /// Writes the checkpoints, removes what was deleted, and looks at the disk, each when it is due.
  func maintain(now: Int64) -> Int64? {
    let interval = configuration.checkpointInterval.nanoseconds
    let due = state.withLock { state -> Due? in
      guard !state.isClosed else { return nil }
      var due = Due()
      if now >= state.nextCheckpoint {
        due.writesCheckpoints = true
        state.nextCheckpoint = Recurrence.later(now, by: interval)
      }
      due.doomed = state.doomed.filter { now >= $0.dueAt }
      state.doomed.removeAll { now >= $0.dueAt }
      due.next = state.doomed.map(\.dueAt).reduce(state.nextCheckpoint, min)
      return due
    }
    guard let due else { return nil }
    if due.writesCheckpoints { runtime.syncers.perform { [self] in checkpointByItself() } }
    if !due.doomed.isEmpty { runtime.syncers.perform { [self] in remove(due.doomed) } }
    return min(due.next, watchSpace(now: now))
  }

  private struct Due {
    var writesCheckpoints = false
    var doomed: [DoomedDirectory] = []
    var next = Int64.max
  }

  private func checkpointByItself() {
    do throws(LogError) {
      try checkpointNow()
    } catch {
      guard error.code != .closed else { return }
      tell(.maintenanceFailed(error))
    }
  }

  private func remove(_ doomed: [DoomedDirectory]) {
    for directory in doomed {
      do throws(SystemError) {
        try directory.remove(from: self.directory, in: environment.fileSystem)
        tell(.removed(directory: directory.name))
      } catch {
        tell(.maintenanceFailed(LogError(error, "remove \(self.directory)/\(directory.name)")))
        var later = directory
        later.dueAt = Recurrence.later(
          environment.time.monotonicNanoseconds, by: configuration.checkpointInterval.nanoseconds)
        state.withLock { $0.doomed.append(later) }
      }
    }
  }
}

// MARK: Checkpoints

extension LogStore {
  /// Writes the checkpoints: how far each log is on the device in its final form, where it starts, up to
  /// where it is replicated and compacted. That happens by itself now and then, and at closing.
  public func checkpoint() async throws(LogError) {
    try await runtime.workers.run { () throws(LogError) in try self.checkpointNow() }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "writing waits for the device; use the async form")
  public func checkpoint() throws(LogError) { try checkpointNow() }

  func checkpointNow() throws(LogError) {
    try changing.withLock { offsets throws(LogError) in
      try checkOpen()
      try note(in: &offsets)
    }
  }

  /// Says what is so now, where that is something new.
  func note(in offsets: inout StoreOffsets) throws(LogError) {
    try note(state.withLock { $0.logs }, in: &offsets)
  }

  func note(
    _ logs: [TopicPartition: Log], in offsets: inout StoreOffsets
  ) throws(LogError) {
    var next = offsets
    next.note(logs.mapValues { $0.offsets(isReplicated: configuration.isReplicated) })
    guard next != offsets else { return }
    try write(next)
    offsets = next
  }

  func write(_ offsets: StoreOffsets) throws(LogError) {
    for name in StoreOffsets.names { try files.write(offsets.checkpoint(name), as: name) }
  }
}
