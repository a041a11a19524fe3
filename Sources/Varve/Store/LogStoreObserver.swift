/// Who is told of what happens in a store of logs. What happens in each log, a ``LogObserver`` is told.
///
/// Calls come from Varve's own threads; none is made under a lock. Every requirement has a default that
/// does nothing.
public protocol LogStoreObserver: AnyObject, Sendable {
  /// Something happened.
  func store(at directory: String, did event: LogStoreEvent)
}

extension LogStoreObserver {
  /// Does nothing.
  public func store(at directory: String, did event: LogStoreEvent) {}
}

/// What can happen in a store. New cases may be added, so a `switch` needs a `default`.
public enum LogStoreEvent: Hashable, Sendable {
  /// So many of the logs have been opened, or have failed to.
  case opening(count: Int, of: Int)
  /// A log did not open. The others do.
  case logFailed(TopicPartition, LogError)
  /// A directory is no log's, and is left alone. Kafka does not start with such a one.
  case skippedDirectory(String)
  /// A log was made.
  case created(TopicPartition)
  /// A log was deleted. Its files go later.
  case deleted(TopicPartition)
  /// The files of a log that was deleted have gone.
  case removed(directory: String)
  /// There is more, or less, room on the disk.
  case diskStateChanged(StoreDiskState)
  /// Logs gave up segments because the disk is low.
  case madeRoom(EmergencyReport)
  /// The ballast was made, or given up: it has so many bytes now.
  case ballastChanged(byteCount: Int)
  /// Something that the store does beside its logs failed. It will be tried again.
  case maintenanceFailed(LogError)
}
