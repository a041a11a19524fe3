@testable import Varve

/// A record and where it is.
struct StoredRecord: Hashable {
  let offset: Offset
  let record: Record

  init(_ offset: Offset, _ record: Record) {
    self.offset = offset
    self.record = record
  }
}

extension Log {
  /// All records that a scan sees, those of a first batch that begins too early included.
  func stored(
    from position: LogPosition = .earliest, until end: Offset? = nil
  ) throws -> [StoredRecord] {
    var found: [StoredRecord] = []
    var scan = try scan(from: position, until: end)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let record = records.next() {
        found.append(StoredRecord(record.offset, Record(copying: record)))
      }
    }
    return found
  }

  /// The headers of the batches that a scan sees.
  func headers(
    from position: LogPosition = .earliest, until end: Offset? = nil
  ) throws -> [BatchHeader] {
    var found: [BatchHeader] = []
    var scan = try scan(from: position, until: end)
    while let batch = try scan.next() { found.append(batch.header) }
    return found
  }

  func recordNow(at offset: Offset) throws -> Record? { try record(at: offset) }

  func borrowedNow(at offset: Offset) throws -> Record? {
    try withRecord(at: offset) { Record(copying: $0) }
  }

  func firstNow(at timestamp: Timestamp) throws -> TimestampedOffset? {
    try firstOffset(at: timestamp)
  }

  func closeNow() throws { try close() }

  @discardableResult
  func appendDurably(_ record: Record) throws -> AppendReceipt {
    try append(record, durability: .durable)
  }

  func waitNow(for offset: Offset) throws { try waitUntilDurable(offset) }

  @discardableResult
  func flushNow() throws -> Offset { try flush() }
}

extension RecordBatch {
  /// A batch of these records.
  static func of(
    _ records: [Record], _ options: BatchOptions = BatchOptions()
  ) throws -> RecordBatch {
    var builder = try RecordBatchBuilder(options)
    for record in records { try builder.append(record) }
    guard let batch = builder.finish() else { throw NoRecords() }
    return batch
  }

  var array: [UInt8] { bytes.withUnsafeBytes { Array($0) } }

  struct NoRecords: Error {}
}

extension Timestamp {
  static func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }
}

/// The error that `body` throws, if it throws one.
func error<T>(_ body: () throws -> T) -> LogError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? LogError
  }
}

/// The same of what may suspend.
func asyncError<T>(_ body: () async throws -> T) async -> LogError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? LogError
  }
}
