/// How a store of logs is kept.
public struct LogStoreConfiguration: Hashable, Sendable {
  /// How its logs are kept, but for those of the topics in ``topics``.
  public var log = LogConfiguration()

  /// How the logs of some topics are kept.
  public var topics: [String: LogConfiguration] = [:]

  /// How many logs are opened at a time. `num.recovery.threads.per.data.dir`
  public var openingThreadCount = 4

  /// How many logs are closed at a time. Each waits for the device again and again, which takes what many
  /// ask of it at once.
  public var closingThreadCount = 16

  /// How often the checkpoints are written. `log.flush.offset.checkpoint.interval.ms`
  public var checkpointInterval: Duration = .seconds(60)

  /// How long after a log was deleted its files go. Its directory has another name by then.
  /// `file.delete.delay.ms`
  public var deletionDelay: Duration = .seconds(60)

  /// From when on the disk counts as low, and as critical. While it is low, logs give up their oldest
  /// segments that allow it: ``LogConfiguration/allowsEmergencyRetention``.
  public var diskWatermarks = StoreWatermarks()

  /// How large a file is kept that holds nothing, and is given up while the disk is critical, so that what
  /// opens, deletes and closes logs finds room; a quarter of the disk at the most, and none by default. It
  /// is made again once there is room for it above the low mark.
  public var ballastByteCount = 0

  /// Whose directory it is. Where it says already whose, and that is another cluster or node, opening
  /// is refused; where it says nothing, and this is nil, it goes on saying nothing: a Kafka that is to
  /// take over the directory itself wants to know, one that is given logs of it does not.
  public var identity: MetaProperties?

  /// Whether its logs have replicas. Then each begins with the high watermark that the directory has
  /// of it, and somebody has to move that. Otherwise what is on the device is all the replicas that
  /// there are, and the checkpoint says so.
  public var isReplicated = false

  /// What is told of the store's life.
  public var observer: (any LogStoreObserver)? {
    get { observerBox.observer }
    set { observerBox = ObserverBox(observer: newValue) }
  }

  private var observerBox = ObserverBox(observer: nil)

  /// The defaults.
  public init() {}

  /// How a partition's log is kept: as its topic's are, if that is said, and as all others otherwise. The log
  /// of ``Positions`` is kept as they need it.
  public subscript(partition: TopicPartition) -> LogConfiguration {
    if let configuration = topics[partition.topic] { return configuration }
    return partition.topic == Positions.defaultTopic ? Positions.logConfiguration : log
  }
}

extension LogStoreConfiguration {
  /// An observer is who it is, so that configurations can be compared.
  private struct ObserverBox: Hashable, Sendable {
    let observer: (any LogStoreObserver)?

    static func == (left: ObserverBox, right: ObserverBox) -> Bool {
      left.observer === right.observer
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(observer.map { ObjectIdentifier($0) })
    }
  }

  /// The most threads that open or close logs: beyond, they wait for the device and for each other.
  private static let threadCounts = 1...64

  /// Refuses what cannot be, and says why.
  func validate() throws(LogError) {
    try log.validate()
    for (topic, configuration) in topics {
      guard TopicPartition.isTopic(topic) else {
        throw LogError(.invalidArgument, "\(topic) is no name of a topic")
      }
      try configuration.validate()
    }
    for (name, count) in [
      ("openingThreadCount", openingThreadCount), ("closingThreadCount", closingThreadCount),
    ] where !Self.threadCounts.contains(count) {
      throw LogError(
        .invalidArgument, "\(name) is \(count), and must be one of \(Self.threadCounts)")
    }
    try diskWatermarks.validate()
    guard ballastByteCount >= 0 else {
      throw LogError(.invalidArgument, "ballastByteCount is \(ballastByteCount)")
    }
    guard checkpointInterval > .zero, deletionDelay >= .zero else {
      throw LogError(
        .invalidArgument, "checkpointInterval must be positive, and deletionDelay not negative")
    }
  }
}
