/// What opening a store found.
public struct StoreReport: Hashable, Sendable {
  /// Whether whoever had the directory before left it in order, with Kafka's mark of that.
  public var wasClean = false
  /// How many logs were opened.
  public var openedCount = 0
  /// The logs that did not open, and why. They are not served, and stay as they are.
  public var failures: [TopicPartition: LogError] = [:]
  /// The logs of which opening found something, as after a crash.
  public var recoveries: [TopicPartition: RecoveryReport] = [:]
  /// Directories that are no log's. Kafka does not start with such ones: they have to go before it is
  /// given the directory.
  public var skippedDirectories: [String] = []
  /// Directories that Kafka keeps aside, or keeps for itself: left as they are.
  public var foreignDirectories: [String] = []
  /// Checkpoints that could not be read. They count as empty, and are written anew.
  public var unreadCheckpoints: [String: LogError] = [:]

  init() {}
}
