/// What lies in a store's directory, by name: which directories are logs, and what becomes of the others.
struct StoreListing: Hashable, Sendable {
  /// The logs, by topic and number.
  private(set) var partitions: [TopicPartition] = []
  /// Directories of logs that were deleted, whose files have not gone yet.
  private(set) var doomed: [String] = []
  /// What Kafka keeps aside, or fills to put it in a log's place: left as it is.
  private(set) var setAside: [String] = []
  /// What is Kafka's own.
  private(set) var kafkas: [String] = []
  /// What nobody knows.
  private(set) var unknown: [String] = []

  /// The log of Kafka's controllers, which a broker does not count among its own.
  private static let metadataLog = "__cluster_metadata-0"
  private static let remoteIndexes = "remote-log-index-cache"

  /// - Parameter directories: The names of directories alone: Kafka does not look at files.
  init(directories: [String]) {
    for name in directories.sorted() {
      guard name != Self.metadataLog, name != Self.remoteIndexes else {
        kafkas.append(name)
        continue
      }
      guard let parsed = PartitionDirectoryName(parsing: name) else {
        unknown.append(name)
        continue
      }
      switch parsed.fate {
      case .delete: doomed.append(name)
      case .stray, .future: setAside.append(name)
      case nil:
        guard let partition = TopicPartition(topic: parsed.topic, partition: parsed.partition)
        else {
          unknown.append(name)
          continue
        }
        partitions.append(partition)
      }
    }
    partitions.sort(by: TopicPartition.comesBefore)
  }
}

extension TopicPartition {
  /// By topic, then by number: `orders-10` comes behind `orders-9`.
  static func comesBefore(_ left: TopicPartition, _ right: TopicPartition) -> Bool {
    (left.topic, left.partition) < (right.topic, right.partition)
  }
}
