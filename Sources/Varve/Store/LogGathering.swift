internal import VarveSystem

/// The logs of a store on their way there: opened on several threads, one log at a time on each.
final class LogGathering: Sendable {
  private struct Found: Sendable {
    var logs: [TopicPartition: Log] = [:]
    var failures: [TopicPartition: LogError] = [:]
    var topicIDs: [TopicPartition: UniqueID] = [:]
    var count = 0
  }

  private let opening: StoreOpening
  private let lock: DirectoryLock
  private let offsets: StoreOffsets
  private let isClean: Bool
  private let count: Int
  private let outbox: EventOutbox<LogStoreEvent>?
  private let found = Lock(Found())

  /// Progress is told so often.
  private static let stepCount = 100

  init(
    _ opening: StoreOpening, _ lock: DirectoryLock, _ offsets: StoreOffsets, isClean: Bool,
    count: Int, _ outbox: EventOutbox<LogStoreEvent>?
  ) {
    self.opening = opening
    self.lock = lock
    self.offsets = offsets
    self.isClean = isClean
    self.count = count
    self.outbox = outbox
  }

  /// Opens a log. What is wrong with it is its own.
  func open(_ partition: TopicPartition) {
    do throws(LogError) {
      let topicID = try opening.files.topicID(of: partition)
      let log = try StoredLog(opening, partition, lock).open(
        offsets, believes: isClean)
      found.withLock { found in
        found.logs[partition] = log
        found.topicIDs[partition] = topicID
      }
    } catch {
      found.withLock { $0.failures[partition] = error }
      outbox?.add(.logFailed(partition, error))
    }
    tellProgress()
  }

  private func tellProgress() {
    let done = found.withLock { found in
      found.count += 1
      return found.count
    }
    guard done == count || done % max(1, count / Self.stepCount) == 0 else { return }
    outbox?.add(.opening(count: done, of: count))
    outbox?.flush()
  }

  /// What there is, once all have been opened. A log that says it is of another topic than the ones
  /// before it, under the same name, is not served.
  func finish(_ report: inout StoreReport) -> LogStore.State {
    var found = found.withLock { $0 }
    var state = LogStore.State()
    for partition in found.logs.keys.sorted(by: TopicPartition.comesBefore) {
      guard let log = found.logs[partition] else { continue }
      guard let own = found.topicIDs[partition] else { continue }
      let known = state.topicIDs[partition.topic]
      guard known == nil || known == own else {
        found.failures[partition] = .otherTopic(partition, own, known)
        found.logs[partition] = nil
        try? log.close()
        continue
      }
      state.topicIDs[partition.topic] = own
    }
    (state.logs, state.failures) = (found.logs, found.failures)
    report.openedCount = found.logs.count
    report.failures = found.failures
    report.recoveries = found.logs.compactMapValues(\.recovery)
    return state
  }
}

extension LogError {
  static func otherTopic(
    _ partition: TopicPartition, _ own: UniqueID, _ known: UniqueID?
  ) -> LogError {
    LogError(
      .corrupt,
      "\(partition) says that its topic's id is \(own), and other partitions of the topic say "
        + "\(known.map { "\($0)" } ?? "none")")
  }
}
