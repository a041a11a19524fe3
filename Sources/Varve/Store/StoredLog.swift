internal import VarveSystem

/// Opens a log that lies in a store, under the store's lock.
struct StoredLog {
  let opening: StoreOpening
  let partition: TopicPartition
  let lock: DirectoryLock

  init(_ opening: StoreOpening, _ partition: TopicPartition, _ lock: DirectoryLock) {
    self.opening = opening
    self.partition = partition
    self.lock = lock
  }

  private var path: String { "\(opening.directory)/\(partition)" }

  /// - Parameters:
  ///   - offsets: What the checkpoints say of it.
  ///   - believes: Whether they are as they are to be: after a clean stop, they are.
  func open(_ offsets: StoreOffsets, believes: Bool) throws(LogError) -> Log {
    try refuseLocked()
    let log = try Log.open(
      path, opening.configuration[partition], opening.runtime, opening.environment, under: lock)
    if believes || log.isForeign {
      try start(log, at: offsets[.logStartOffsets, partition])
    }
    if opening.configuration.isReplicated, let mark = offsets[.highWatermarks, partition] {
      log.setHighWatermark(to: mark)
    }
    try log.rest()
    return log
  }

  /// Somebody may have opened the log by itself, before it lay in a store.
  private func refuseLocked() throws(LogError) {
    let fileSystem = opening.environment.fileSystem
    guard (try? fileSystem.status(at: DirectoryLock.path(path))) != nil else { return }
    try DirectoryLock.take(in: path, opening.environment).release()
  }

  /// Has a log begin where Kafka says that it does, which only the checkpoint knows. Ours know it
  /// themselves, and what an old checkpoint says of them is not so any more.
  private func start(_ log: Log, at offset: Offset?) throws(LogError) {
    guard let offset, offset > log.start else { return }
    guard offset <= log.end else {
      // As Kafka does it: all that is there had been deleted.
      return try log.restartNow(at: offset)
    }
    try log.deleteRecordsNow(before: offset)
  }
}

extension Log {
  /// What a store's checkpoints say of it.
  func offsets(isReplicated: Bool) -> StoreOffsets.Facts {
    let view = table.current
    let base = view.segments.first?.baseOffset ?? view.startOffset
    let cleaned = cleaning.withLock { $0.cleanedBelow }
    return StoreOffsets.Facts(
      recoveryPoint: min(end, sideFile?.kafkaRecoveryPoint ?? 0),
      start: view.startOffset > base ? view.startOffset : nil,
      highWatermark: isReplicated ? highWatermark : max(start, durableEnd),
      cleanedBelow: cleaned > view.startOffset ? cleaned : nil)
  }

  /// Whether part of it is lost: Kafka would cut it there.
  var isDamaged: Bool { table.current.segments.contains { !$0.damage.isEmpty } }
}
