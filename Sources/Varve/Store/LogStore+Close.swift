internal import VarveSystem

extension LogStore {
  /// Closes all logs, writes the checkpoints, and leaves Kafka's mark of a clean stop, in this order: the
  /// mark is there only where all that it stands for is on the device.
  ///
  /// The directory is given up in any case, also where closing fails. To close a closed store does
  /// nothing.
  ///
  /// - Throws: What was wrong with the first log that did not close. The others are closed, and there
  ///   is no mark.
  public func close() async throws(LogError) {
    try await runtime.workers.run { () throws(LogError) in try self.closeNow() }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "closing waits for the device; use the async form")
  public func close() throws(LogError) { try closeNow() }

  private func closeNow() throws(LogError) {
    try changing.withLock { offsets throws(LogError) in
      let logs = state.withLock { state -> [TopicPartition: Log]? in
        guard !state.isClosed else { return nil }
        state.isClosed = true
        return state.logs
      }
      guard let logs else { return }
      // Whoever has one of the logs finds it closed, and changes no file any more.
      defer { lock.release() }
      if let failure = close(logs) { throw failure }
      try note(in: &offsets)
      // Whose files are closed with the last who has them.
      state.withLock { $0.logs = [:] }
      if isInOrder(logs) { try files.writeMarker() }
    }
  }

  /// Closes logs, some at a time; what was wrong with the first that did not close.
  private func close(_ logs: [TopicPartition: Log]) -> LogError? {
    let failure = Lock<(partition: TopicPartition, error: LogError)?>(nil)
    let partitions = logs.keys.sorted(by: TopicPartition.comesBefore)
    Crew(threadCount: configuration.closingThreadCount, isInline: runtime.isStepped)
      .forEach(partitions) { partition in
        do throws(LogError) {
          try logs[partition]?.close()
        } catch {
          failure.withLock { first in
            guard first.map({ TopicPartition.comesBefore(partition, $0.partition) }) ?? true else {
              return
            }
            first = (partition, error)
          }
        }
      }
    return failure.withLock { $0?.error }
  }

  /// Whether a Kafka that believes all it finds finds nothing wrong: a log that did not open or close, or has
  /// lost a part, would not be as the mark says, and neither would what was left as a crash left it.
  private func isInOrder(_ logs: [TopicPartition: Log]) -> Bool {
    let isAside = opening.foreignDirectories.contains {
      PartitionDirectoryName(parsing: $0)?.fate != nil
    }
    let closed = state.withLock { $0.closed }
    return (opening.wasClean || !isAside) && failures.isEmpty
      && logs.values.allSatisfy(\.isInOrder) && closed.values.allSatisfy { $0 }
  }
}
