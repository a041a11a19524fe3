import Varve

// What the article "Operations" shows.

func openStore(at directory: String) async throws -> LogStore {
  var configuration = LogStoreConfiguration()
  configuration.log.cleaner = .delete(olderThan: .seconds(7 * 86_400))
  configuration.topics["audit"] = LogConfiguration()  // keeps all
  return try await LogStore.open(at: directory, configuration: configuration)
}

/// A message for whoever looks after the server.
func summary(of opening: StoreReport) -> [String] {
  opening.failures.map { "\($0) is not served: \($1)" }
    + opening.recoveries.map { "\($0) ends at \($1.end), with \($1.damage.count) parts lost" }
    + opening.skippedDirectories.map { "\($0) is no log" }
}

/// A log for each of a topic's partitions.
func logs(of topic: String, count: Int32, in store: LogStore) async throws -> [Log] {
  var logs: [Log] = []
  for number in 0..<count {
    guard let partition = TopicPartition(topic: topic, partition: number) else { continue }
    logs.append(try await store.log(for: partition))
  }
  return logs
}

/// Goes on where a group of readers has been, and says how far it has come.
func process(
  _ partition: TopicPartition, of store: LogStore, positions: Positions, as group: String,
  _ body: (Record) throws -> Void
) async throws {
  let log = try await store.log(for: partition)
  let start = try positions.start(of: group, in: partition, resume: .earliest)
  for try await batch in log.tail(from: start) {
    for record in try batch.records() { try body(Record(copying: record.view)) }
    try positions.commit(batch.header.nextOffset, for: group, of: partition)
  }
}

/// A store that keeps 64 MiB back for a full disk, whose logs of metrics make room before it is one.
func prepared(for topic: String = "metrics") -> LogStoreConfiguration {
  var configuration = LogStoreConfiguration()
  configuration.diskWatermarks = StoreWatermarks(lowFraction: 0.05, criticalFraction: 0.01)
  configuration.ballastByteCount = 64 << 20
  var metrics = LogConfiguration()
  metrics.allowsEmergencyRetention = true
  metrics.cleaner = .delete(olderThan: .seconds(7 * 86_400)).keeping(bytes: 1 << 30)
  configuration.topics[topic] = metrics
  return configuration
}

/// A log that leaves ten GiB of its disk to others, and removes its oldest segments before that.
func sparing(_ reserve: Int = 10 << 30) -> LogConfiguration {
  var configuration = LogConfiguration()
  configuration.diskWatermarks = DiskWatermarks(
    lowByteCount: 2 * reserve, reservedByteCount: reserve)
  configuration.cleaner = .delete(whenFreeBelow: 2 * reserve)
  return configuration
}
