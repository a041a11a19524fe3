internal import VarveSystem

extension LogStore {
  /// The log of a partition, which is made if it is not there. One that failed to open is tried again, and one
  /// that was closed is opened again.
  ///
  /// - Parameters:
  ///   - partition: Its topic and number.
  ///   - topicID: The topic's id, where somebody else gives these; otherwise the topic has one, or gets
  ///     one at random.
  /// - Throws: ``LogError/Code/invalidArgument`` where the topic has another id.
  public func log(
    for partition: TopicPartition, topicID: UniqueID? = nil
  ) async throws(LogError) -> Log {
    if topicID == nil, let log = self[partition] { return log }
    return try await runtime.workers.run { () throws(LogError) in
      try self.logNow(partition, topicID)
    }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "making a log waits for the device; use the async form")
  public func log(
    for partition: TopicPartition, topicID: UniqueID? = nil
  ) throws(LogError) -> Log {
    try logNow(partition, topicID)
  }

  /// Deletes a log. It is closed, and found no more when this returns, also after a power cut; its files
  /// go later: see ``LogStoreConfiguration/deletionDelay``. Slices of it that are held keep their bytes.
  ///
  /// A log that does not open can be deleted, too.
  ///
  /// - Returns: False if there was none.
  @discardableResult
  public func delete(_ partition: TopicPartition) async throws(LogError) -> Bool {
    try await runtime.workers.run { () throws(LogError) in try self.deleteNow(partition) }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "deleting waits for the device; use the async form")
  @discardableResult
  public func delete(_ partition: TopicPartition) throws(LogError) -> Bool {
    try deleteNow(partition)
  }
}

// MARK: Making

extension LogStore {
  private func logNow(
    _ partition: TopicPartition, _ topicID: UniqueID?
  ) throws(LogError) -> Log {
    try changing.withLock { offsets throws(LogError) in
      try checkOpen()
      try check(topicID, of: partition.topic)
      if let log = self[partition] { return log }
      // Who closed it by itself was told how that went.
      _ = try? closeOne(partition, &offsets)
      let (isNew, wasClean) = state.withLock { state in
        (
          state.failures[partition] == nil && state.closed[partition] == nil,
          state.closed[partition] ?? self.opening.wasClean
        )
      }
      if isNew { try make(partition, topicID, &offsets) }
      let own = try files.topicID(of: partition)
      try check(own, of: partition.topic)
      let opening = StoreOpening(
        directory: directory, configuration: configuration, runtime: runtime,
        environment: environment)
      let log = try StoredLog(opening, partition, lock).open(
        offsets, believes: isNew || wasClean)
      state.withLock { state in
        state.logs[partition] = log
        state.failures[partition] = nil
        state.closed[partition] = nil
        if let own { state.topicIDs[partition.topic] = own }
      }
      if isNew { tell(.created(partition)) }
      return log
    }
  }

  func checkOpen() throws(LogError) {
    guard !isClosed else { throw LogError(.closed, "the store at \(directory) was closed") }
  }

  private func check(_ topicID: UniqueID?, of topic: String) throws(LogError) {
    guard let topicID, let known = self.topicID(of: topic), known != topicID else { return }
    throw LogError(
      .invalidArgument, "the topic \(topic) has the id \(known), and not \(topicID)")
  }

  /// Makes a log's directory, with its topic's id, before there is anything in it.
  private func make(
    _ partition: TopicPartition, _ topicID: UniqueID?, _ offsets: inout StoreOffsets
  ) throws(LogError) {
    // What was said of one that had its name is not true of it.
    if offsets.forget(partition) { try write(offsets) }
    let topicID = topicID ?? self.topicID(of: partition.topic) ?? randomID()
    guard try hasDirectory(partition) else { return try makeDirectory(of: partition, topicID) }
    // Somebody else may have left it, with no id in it.
    guard try files.topicID(of: partition) == nil else { return }
    try files.write(topicID, in: partition.description)
  }

  private func hasDirectory(_ partition: TopicPartition) throws(LogError) -> Bool {
    do throws(SystemError) {
      _ = try environment.fileSystem.status(at: path(of: partition))
      return true
    } catch {
      guard error.errno != .noSuchFile else { return false }
      throw LogError(error, "make the log \(partition) in \(directory)")
    }
  }

  /// As one that is deleted is called, until its id is in it and on the device: what a crash leaves is a log with
  /// an id, or what the next opening takes away, Kafka's, too.
  private func makeDirectory(of partition: TopicPartition, _ topicID: UniqueID) throws(LogError) {
    let name = try deletedName(of: partition)
    do throws(LogError) {
      try named("make", partition) { fileSystem throws(SystemError) in
        try fileSystem.makeDirectory(directory + "/" + name)
      }
      try files.write(topicID, in: name)
      try named("make", partition) { fileSystem throws(SystemError) in
        // The log that is made there has its name on the device with the first of its own.
        try fileSystem.rename(directory + "/" + name, to: path(of: partition))
      }
    } catch {
      forgetSoon(name)
      throw error
    }
  }

  private func randomID() -> UniqueID {
    var generator = Draws(source: environment.random)
    return UniqueID.random(using: &generator)
  }
}

/// Randomness as the standard library wants it.
private struct Draws: RandomNumberGenerator {
  let source: any RandomSource

  mutating func next() -> UInt64 { source.next() }
}

// MARK: Deleting

extension LogStore {
  private func deleteNow(_ partition: TopicPartition) throws(LogError) -> Bool {
    try changing.withLock { _ throws(LogError) in
      try checkOpen()
      let (log, isThere) = state.withLock { state in
        let log = state.logs[partition]
        return (
          log, log != nil || state.failures[partition] != nil || state.closed[partition] != nil
        )
      }
      guard isThere else { return false }
      let name = try deletedName(of: partition)
      // What does not reach the device any more is deleted all the same.
      if let log { try? log.close() }
      try named("delete", partition) { fileSystem throws(SystemError) in
        try fileSystem.rename(path(of: partition), to: directory + "/" + name)
        try fileSystem.syncDirectory(directory)
      }
      state.withLock { state in
        state.logs[partition] = nil
        state.failures[partition] = nil
        state.closed[partition] = nil
        if !state.has(partition.topic) {
          state.topicIDs[partition.topic] = nil
        }
      }
      forgetSoon(name)
      tell(.deleted(partition))
      return true
    }
  }

  private func deletedName(of partition: TopicPartition) throws(LogError) -> String {
    guard let name = PartitionDirectoryName(partition, .delete, unique: uniqueDigits()) else {
      throw LogError(.invalidArgument, "\(partition) cannot be deleted")
    }
    return name.description
  }

  /// Has what is left of a log removed when its time comes.
  private func forgetSoon(_ name: String) {
    let doomed = DoomedDirectory(name: name, dueAt: deletionTime)
    state.withLock { $0.doomed.append(doomed) }
    runtime.maintenance.wake(self)
  }

  /// Calls for a log's directory, whose errors say what was wanted of whom.
  private func named(
    _ what: String, _ partition: TopicPartition,
    _ body: (any FileSystem) throws(SystemError) -> Void
  ) throws(LogError) {
    do throws(SystemError) {
      try body(environment.fileSystem)
    } catch {
      throw LogError(error, "\(what) the log \(partition) in \(directory)")
    }
  }

  private var deletionTime: Int64 {
    let now = environment.time.monotonicNanoseconds
    let (time, isFar) = now.addingReportingOverflow(configuration.deletionDelay.nanoseconds)
    return isFar ? .max : time
  }

  /// 32 hexadecimal digits, as Kafka has them behind the name of what goes.
  private func uniqueDigits() -> String {
    (0..<2).map { _ in
      let digits = String(environment.random.next(), radix: 16)
      return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }.joined()
  }
}
