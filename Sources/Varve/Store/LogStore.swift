internal import VarveSystem

/// A directory of logs, `<topic>-<partition>` each, laid out as a log directory of Kafka's.
///
/// ```swift
/// let store = try await LogStore.open(at: "data")
/// let orders = try await store.log(for: TopicPartition(topic: "orders", partition: 0)!)
/// try orders.append(Record(key: "user-7", value: "paid"))
/// try await store.close()
/// ```
///
/// It takes the directory's lock, which is in the way of a broker's, keeps Kafka's checkpoints, and
/// leaves Kafka's mark of a clean stop when it is closed. Its logs share the threads and the budgets of
/// one ``LogRuntime``. A log that does not open is reported, and keeps none of the others from opening.
public final class LogStore: Sendable {
  /// Where its logs lie.
  public let directory: String
  /// What opening it found.
  public let opening: StoreReport

  let runtime: LogRuntime
  let environment: LogEnvironment
  let files: StoreFiles
  let lock: DirectoryLock
  let maintenance = MaintenanceTicket()
  private let outbox: EventOutbox<LogStoreEvent>?

  /// Held by whoever makes, deletes or closes logs, or writes checkpoints, and for as long as that
  /// takes. Lock order: changing → state.
  let changing: Lock<StoreOffsets>
  let state: Lock<State>
  /// Taken under none of the others, and none under it.
  let space: Lock<StoreSpace>
  /// The same.
  let settings: Lock<LogStoreConfiguration>

  /// What there is at this moment.
  struct State: Sendable {
    var logs: [TopicPartition: Log] = [:]
    var failures: [TopicPartition: LogError] = [:]
    /// Logs that were closed by themselves, and whether they are as they should be.
    var closed: [TopicPartition: Bool] = [:]
    var topicIDs: [String: UniqueID] = [:]
    var doomed: [DoomedDirectory] = []
    var nextCheckpoint = Int64.min
    var isClosed = false

    /// Whether there is a log of a topic, as far as is known.
    func has(_ topic: String) -> Bool {
      logs.keys.contains { $0.topic == topic } || closed.keys.contains { $0.topic == topic }
    }
  }

  init(
    _ opening: StoreOpening, _ lock: DirectoryLock, _ report: StoreReport, _ state: State,
    _ offsets: StoreOffsets, _ outbox: EventOutbox<LogStoreEvent>?
  ) {
    directory = opening.directory
    settings = Lock(opening.configuration)
    runtime = opening.runtime
    environment = opening.environment
    files = opening.files
    self.opening = report
    self.lock = lock
    self.outbox = outbox
    changing = Lock(offsets)
    self.state = Lock(state)
    space = Lock(StoreSpace(opening.configuration))
  }

  func tell(_ event: LogStoreEvent) {
    outbox?.add(event)
    outbox?.flush()
  }
}

// MARK: Facts

extension LogStore {
  /// How it is kept, as it was opened, and as topics have been configured since.
  public var configuration: LogStoreConfiguration { settings.withLock { $0 } }

  /// The partitions whose logs are open, by topic and number.
  public var partitions: [TopicPartition] {
    state.withLock { $0.logs.filter(\.value.isKept).map(\.key) }
      .sorted(by: TopicPartition.comesBefore)
  }

  /// The log of a partition, if there is one that is open.
  public subscript(partition: TopicPartition) -> Log? {
    state.withLock { $0.logs[partition] }.flatMap { $0.isKept ? $0 : nil }
  }

  /// The logs that are there and do not open, and why.
  public var failures: [TopicPartition: LogError] { state.withLock { $0.failures } }

  /// The id of a topic, if one of its logs says one.
  public func topicID(of topic: String) -> UniqueID? { state.withLock { $0.topicIDs[topic] } }

  /// Whether it was closed.
  public var isClosed: Bool { state.withLock { $0.isClosed } }

  func path(of partition: TopicPartition) -> String { "\(directory)/\(partition)" }
}
