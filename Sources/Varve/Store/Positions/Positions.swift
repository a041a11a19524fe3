internal import VarveSystem

/// How far groups of readers have come in the logs of a store: what Kafka's `__consumer_offsets` is for,
/// and written in the same way.
///
/// ```swift
/// let positions = try await Positions.open(in: store)
/// let start = try positions.start(of: "billing", in: orders, resume: .earliest)
/// for try await batch in log.tail(from: start) {
///   …
///   try positions.commit(batch.header.nextOffset, for: "billing", of: orders)
/// }
/// ```
///
/// They lie in a log of the store, which is compacted, and in memory: some 200 bytes for each pair of a
/// group and a log.
public final class Positions: Sendable {
  /// The topic of the log in which they lie, unless another one is chosen.
  public static let defaultTopic = "varve-positions"

  /// The log in which they lie.
  public let log: Log
  private let store: LogStore
  private let known = Lock<[PositionCoding.Key: Position]>([:])

  /// Groups have names of so many bytes at the most.
  static let maximumGroupByteCount = 255

  private init(_ log: Log, in store: LogStore) {
    self.log = log
    self.store = store
  }
}

// MARK: Opening

extension Positions {
  /// Opens the positions of a store, which are made if there are none.
  ///
  /// - Parameters:
  ///   - store: The store of whose logs they are.
  ///   - topic: The topic of the log in which they lie. Whoever chooses another one says in
  ///     ``LogStoreConfiguration/topics`` how it is kept: see ``logConfiguration``.
  ///   - expiration: Positions that are older are forgotten now; nil for none. See ``expire(olderThan:)``.
  public static func open(
    in store: LogStore, topic: String = Positions.defaultTopic, expiration: Duration? = nil
  ) async throws(LogError) -> Positions {
    try await store.runtime.workers.run { () throws(LogError) in
      try openNow(in: store, topic, expiration)
    }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "opening waits for the device; use the async form")
  public static func open(
    in store: LogStore, topic: String = Positions.defaultTopic, expiration: Duration? = nil
  ) throws(LogError) -> Positions {
    try openNow(in: store, topic, expiration)
  }

  /// How a log of positions is kept: compacted by key, in small segments.
  public static var logConfiguration: LogConfiguration {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 4 << 20
    configuration.requiresKeys = true
    configuration.cleaner = compaction
    return configuration
  }

  /// One for all, because a policy is who it is.
  private static let compaction = CompactionPolicy.compact()

  private static func openNow(
    in store: LogStore, _ topic: String, _ expiration: Duration?
  ) throws(LogError) -> Positions {
    guard let partition = TopicPartition(topic: topic, partition: 0) else {
      throw LogError(.invalidArgument, "\(topic) is no name of a topic")
    }
    let log = try store.log(for: partition)
    // The first commit is not to wait for that.
    try log.sayOpenSoon()
    let positions = Positions(log, in: store)
    try positions.load()
    if let expiration { try positions.expire(olderThan: expiration) }
    return positions
  }

  /// Reads what there is. Of two positions of a pair the later one holds.
  private func load() throws(LogError) {
    var found: [PositionCoding.Key: Position] = [:]
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let record = records.next() {
        guard let bytes = [UInt8](copying: record.key), let key = PositionCoding.key(bytes) else {
          continue
        }
        // What cannot be read stays unsaid.
        found[key] = [UInt8](copying: record.value).flatMap { PositionCoding.position($0) }
      }
    }
    known.withLock { $0 = found }
  }
}

// MARK: Reading

extension Positions {
  /// How far a group has come in a log; nil where it has not said so.
  public func position(of group: String, in partition: TopicPartition) -> Position? {
    known.withLock { $0[PositionCoding.Key(group: group, partition: partition)] }
  }

  /// How far a group has come, in each log in which it has said so.
  public func positions(of group: String) -> [TopicPartition: Position] {
    known.withLock { known in
      var found: [TopicPartition: Position] = [:]
      for (key, position) in known where key.group == group { found[key.partition] = position }
      return found
    }
  }

  /// The groups that have said something, by name.
  public var groups: [String] { known.withLock { Set($0.keys.map(\.group)) }.sorted() }

  /// Where a group goes on in a log.
  ///
  /// - Parameters:
  ///   - group: Whose position it is.
  ///   - partition: The log.
  ///   - resume: Where it begins if it has said nothing, or if what it said is not in the log any more:
  ///     because retention took it, or the log was cut.
  /// - Throws: With `.fail`, ``LogError/Code/trimmed`` where the position is not in the log, and
  ///   ``LogError/Code/invalidArgument`` where there is none. The latter, too, where there is no such log.
  public func start(
    of group: String, in partition: TopicPartition, resume: Position.Resume
  ) throws(LogError) -> LogPosition {
    guard let log = store[partition] else {
      throw LogError(.invalidArgument, "there is no log \(partition) that is open")
    }
    let position = position(of: group, in: partition)
    if let position, (log.start...log.end).contains(position.offset) {
      return .offset(position.offset)
    }
    switch resume {
    case .earliest: return .earliest
    case .latest: return .latest
    case .fail:
      guard let position else {
        throw LogError(.invalidArgument, "the group \(group) has no position in \(partition)")
      }
      throw LogError(
        .trimmed,
        "the group \(group) is at \(position.offset) of \(partition), which has \(log.start)..<\(log.end)"
      )
    }
  }
}

// MARK: Saying

extension Positions {
  /// Says how far a group has come in a log: the offset of the next record that it is to read.
  ///
  /// It is published when this returns: a kill does not lose it, a power cut may, and then the group reads
  /// again what it has read since. See ``commit(_:for:of:durability:)``.
  public func commit(
    _ offset: Offset, for group: String, of partition: TopicPartition
  ) throws(LogError) {
    let position = try position(offset, group, partition)
    while true {
      if try log.finish(offer(position, group, partition)) != nil { return }
    }
  }

  /// The same, and returns once as much is true of it as was asked for.
  ///
  /// - Throws: Where it was said, but may not be on the device, ``LogError/appendedOffset`` is where in
  ///   ``log`` it stands.
  public func commit(
    _ offset: Offset, for group: String, of partition: TopicPartition, durability: Durability
  ) async throws(LogError) {
    let position = try position(offset, group, partition)
    _ = try await log.append(durability) { () throws(LogError) in
      try offer(position, group, partition)
    }
  }

  private func position(
    _ offset: Offset, _ group: String, _ partition: TopicPartition
  ) throws(LogError) -> Position {
    guard !group.isEmpty, group.utf8.count <= Self.maximumGroupByteCount, offset >= 0 else {
      throw LogError(
        .invalidArgument,
        "a group has a name of 1 to \(Self.maximumGroupByteCount) bytes, and an offset is not negative"
      )
    }
    return Position(
      offset: offset, leaderEpoch: store[partition]?.epoch(for: offset) ?? .none, committedAt: now)
  }

  private func offer(
    _ position: Position, _ group: String, _ partition: TopicPartition
  ) throws(LogError) -> Placement {
    let key = PositionCoding.Key(group: group, partition: partition)
    let record = Record(
      key: PositionCoding.encoded(key), value: PositionCoding.encoded(position), timestamp: now)
    // Under the lock, so that memory says what the log says last. An attempt waits for no device.
    return try known.withLock { known throws(LogError) in
      let placement = try log.offer(record)
      if case .placed = placement { known[key] = position }
      return placement
    }
  }

  private var now: Timestamp { Timestamp(milliseconds: store.environment.time.wallMilliseconds) }
}

// MARK: Forgetting

extension Positions {
  /// Forgets how far a group has come in a log. False if it had said nothing.
  @discardableResult
  public func forget(_ group: String, in partition: TopicPartition) throws(LogError) -> Bool {
    try forget(PositionCoding.Key(group: group, partition: partition)) { _ in true }
  }

  /// Forgets what all groups have said of a log, as is right when it is deleted.
  ///
  /// - Returns: How many positions were forgotten.
  @discardableResult
  public func forget(all partition: TopicPartition) throws(LogError) -> Int {
    try forget { key, _ in key.partition == partition }
  }

  /// Forgets positions that were said longer ago. `offsets.retention.minutes`
  ///
  /// One that is said anew meanwhile stays.
  ///
  /// - Returns: How many positions were forgotten.
  @discardableResult
  public func expire(olderThan age: Duration) throws(LogError) -> Int {
    let limit = now.rawValue - age.nanoseconds / 1_000_000
    return try forget { $1.committedAt.rawValue < limit }
  }

  private func forget(
    where isGone: (PositionCoding.Key, Position) -> Bool
  ) throws(LogError) -> Int {
    let keys = known.withLock { known in
      known.filter { isGone($0.key, $0.value) }.map(\.key)
    }
    var count = 0
    for key in keys {
      if try forget(key, where: { isGone(key, $0) }) { count += 1 }
    }
    return count
  }

  /// Forgets one position, if there is still one that is to go by then.
  private func forget(
    _ key: PositionCoding.Key, where isGone: (Position) -> Bool
  ) throws(LogError) -> Bool {
    while let placement = try offerTombstone(of: key, where: isGone) {
      // Outside the lock: this may wait for a device, and those who commit are not to wait for it, too.
      if try log.finish(placement) != nil { return true }
    }
    return false
  }

  private func offerTombstone(
    of key: PositionCoding.Key, where isGone: (Position) -> Bool
  ) throws(LogError) -> Placement? {
    let record = Record(key: PositionCoding.encoded(key), value: nil, timestamp: now)
    // Under the lock, as in a commit; and what is there is looked at with each attempt.
    return try known.withLock { known throws(LogError) in
      guard let position = known[key], isGone(position) else { return nil }
      let placement = try log.offer(record)
      if case .placed = placement { known[key] = nil }
      return placement
    }
  }
}
