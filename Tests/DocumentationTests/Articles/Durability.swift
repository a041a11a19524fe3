import Varve

// What the article "Durability" shows.

/// Appends values one by one, and waits once for all of them.
func append(_ values: [String], to log: Log) async throws(LogError) -> Offset {
  for value in values { try log.append(Record(value: value)) }
  return try await log.flush()
}

/// What has become of a record that was to be durable.
enum Outcome: Equatable {
  case durable(Offset)
  /// It is in the log, readers may have seen it, and a power cut may take it back.
  case published(Offset, LogError)
  /// It is not in the log.
  case refused(LogError)
}

func append(_ record: Record, to log: Log) async -> Outcome {
  do throws(LogError) {
    let receipt = try await log.append(record, durability: .durable)
    return .durable(receipt.offset)
  } catch {
    if let offset = error.appendedOffset { return .published(offset, error) }
    return .refused(error)
  }
}

/// For a server in which nobody waits: what a power cut takes is bounded by a number and a time.
func boundedLoss() -> LogConfiguration {
  var configuration = LogConfiguration()
  configuration.syncPolicy = SyncPolicy(recordCount: 10_000, interval: .milliseconds(200))
  return configuration
}

/// Acts upon nothing that a power cut could take back.
func act(on log: Log, _ body: (Record) throws -> Void) async throws {
  let start = log.start
  for try await batch in log.tail(from: .earliest, isolation: .durable) {
    // A batch is read whole, and the first one may begin before the log's start.
    for record in try batch.records() where record.offset >= start {
      try body(Record(copying: record.view))
    }
  }
}
