@testable import Varve

/// An idempotent producer, and what it has sent.
struct NumberedBatches {
  var producer: Producer
  var next: Int32 = 0
  private var serial = 0

  init(_ id: Int64, epoch: Int16 = 0, from next: Int32 = 0) {
    producer = Producer(id: id, epoch: epoch)
    self.next = next
  }

  /// The next batch, of so many records.
  mutating func batch(
    _ count: Int = 1, isTransactional: Bool = false, byteCount: Int = 10, at time: Int64 = 1000
  ) throws -> RecordBatch {
    let options = BatchOptions(
      producer: producer, baseSequence: SequenceNumber(rawValue: next),
      isTransactional: isTransactional)
    let records = (0..<count).map { _ in
      serial += 1
      return Record(
        key: "\(producer.id)-\(serial)", value: [UInt8](repeating: 7, count: byteCount),
        timestamp: .at(time))
    }
    next += Int32(count)
    return try RecordBatch.of(records, options)
  }
}

extension Log {
  @discardableResult
  func commit(_ producer: Producer, coordinator: Int32 = 0) throws -> AppendReceipt {
    try appendTransactionMarker(
      EndTransactionMarker(.committed, coordinatorEpoch: coordinator), of: producer)
  }

  @discardableResult
  func abort(_ producer: Producer, coordinator: Int32 = 0) throws -> AppendReceipt {
    try appendTransactionMarker(
      EndTransactionMarker(.aborted, coordinatorEpoch: coordinator), of: producer)
  }

  /// The keys of the records that count.
  func committedKeys(
    from position: LogPosition = .earliest, upTo isolation: ReadIsolation = .lastStable
  ) throws -> [String] {
    var found: [String] = []
    var scan = try scan(from: position, isolation: isolation)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let record = records.next() {
        found.append(String(decoding: Record(copying: record).key ?? [], as: UTF8.self))
      }
    }
    return found
  }

  func abortedNow(_ offsets: Range<Offset>) throws -> [AbortedTransaction] {
    try abortedTransactions(in: offsets)
  }
}
