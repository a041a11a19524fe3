internal import VarveSystem

// A log of a store can be closed by itself: one that is not needed for long, or one that a failed sync has
// poisoned, which takes records again once it has been opened anew.

extension LogStore {
  /// Closes a log, and the others stay open. It is held in memory no more; ``log(for:topicID:)-84i7x`` opens it
  /// again.
  ///
  /// - Returns: False if there was none that was open.
  /// - Throws: As ``Log/close()-5clqc``: the log is closed all the same, and opening it again finds out what
  ///   became of it.
  @discardableResult
  public func close(_ partition: TopicPartition) async throws(LogError) -> Bool {
    try await runtime.workers.run { () throws(LogError) in try self.closeNow(partition) }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "closing waits for the device; use the async form")
  @discardableResult
  public func close(_ partition: TopicPartition) throws(LogError) -> Bool {
    try closeNow(partition)
  }

  private func closeNow(_ partition: TopicPartition) throws(LogError) -> Bool {
    try changing.withLock { offsets throws(LogError) in
      try checkOpen()
      return try closeOne(partition, &offsets)
    }
  }

  /// Closes a log, if that has not been done, and says in the checkpoints how it was left.
  func closeOne(
    _ partition: TopicPartition, _ offsets: inout StoreOffsets
  ) throws(LogError) -> Bool {
    guard let log = state.withLock({ $0.logs[partition] }) else { return false }
    defer {
      state.withLock { state in
        state.logs[partition] = nil
        state.closed[partition] = log.isInOrder
      }
    }
    try log.close()
    try note([partition: log], in: &offsets)
    return true
  }
}

extension Log {
  /// Whether it is open, if only to read: where it was closed, somebody else may write in its directory, however
  /// closing ended.
  var isKept: Bool { directoryLock?.isHeld ?? true }

  /// Whether it was closed, all of it is on the device, and no part is lost.
  var isInOrder: Bool { !isKept && sideFile?.saysClosed == true && !isDamaged }
}
