/// The names under which Kafka keeps its small files.
public enum CheckpointName: String, CaseIterable, Sendable, Hashable {
  // Those of a log directory.

  /// Up to where the partitions are on the device.
  case recoveryPoints = "recovery-point-offset-checkpoint"
  /// Where the partitions begin, unless it is where their first segments do.
  case logStartOffsets = "log-start-offset-checkpoint"
  /// Up to where the partitions are replicated.
  case highWatermarks = "replication-offset-checkpoint"
  /// From where on the partitions are to be compacted.
  case cleanerOffsets = "cleaner-offset-checkpoint"
  /// Whose directory it is.
  case metaProperties = "meta.properties"
  /// That the directory was left in order.
  case cleanShutdown = ".kafka_cleanshutdown"

  // Those of a partition.

  /// Where the reigns of its leaders begin.
  case leaderEpochs = "leader-epoch-checkpoint"
  /// The id of its topic.
  case partitionMetadata = "partition.metadata"
}

extension CheckpointName {
  /// The name under which the file is written before it takes its own.
  public var temporary: String { rawValue + Self.temporarySuffix }

  /// What is behind the name of a file that is still being written.
  public static let temporarySuffix = ".tmp"
}
