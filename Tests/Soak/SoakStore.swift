import Varve

/// The logs of a soak: some whose start moves on, some that are compacted, some that come and go.
enum SoakStore {
  static let plainCount: Int32 = 4
  static let keyedCount: Int32 = 2
  static let churnCount = 12

  static let plain = (0..<plainCount).compactMap { TopicPartition(topic: "plain", partition: $0) }
  static let keyed = (0..<keyedCount).compactMap { TopicPartition(topic: "keyed", partition: $0) }
  static let churning = (0..<churnCount).compactMap {
    TopicPartition(topic: "churn-\($0)", partition: 0)
  }

  static func isKeyed(_ partition: TopicPartition) -> Bool { partition.topic == "keyed" }

  private static let retention = RetentionPolicy(byteCount: 4 << 20)
  private static let compaction = CompactionPolicy(minimumDirtyRatio: 0.3)

  /// The same for whoever looks through the logs, with nothing that removes what it looks at meanwhile.
  static var quiet: LogStoreConfiguration {
    var quiet = configuration
    quiet.log.cleaner = nil
    quiet.topics["keyed"]?.cleaner = nil
    return quiet
  }

  static var configuration: LogStoreConfiguration {
    var configuration = LogStoreConfiguration()
    configuration.log.segmentByteCount = 256 << 10
    configuration.log.cleaningInterval = .milliseconds(700)
    configuration.log.cleaner = retention
    configuration.topics["keyed"] = configuration.log
    configuration.topics["keyed"]?.cleaner = compaction
    configuration.checkpointInterval = .seconds(1)
    configuration.deletionDelay = .milliseconds(500)
    configuration.ballastByteCount = 1 << 20
    return configuration
  }

  static func content(of partition: TopicPartition, in store: LogStore) throws -> Content {
    guard let id = store.topicID(of: partition.topic) else {
      throw Discrepancy("\(partition) has no topic id")
    }
    return Content(topicID: id, partition: partition)
  }
}
