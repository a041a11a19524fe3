import Testing

@testable import Varve

/// What producers do to a table, offset after offset.
struct Producing {
  var table: ProducerTable
  var next: Int64 = 0

  init(maximumCount: Int = 100) { table = ProducerTable(maximumCount: maximumCount) }

  static func batch(
    _ id: Int64, _ epoch: Int16 = 0, _ sequence: Int32, count: Int32 = 1,
    isTransactional: Bool = false,
    at offset: Int64 = 0, time: Int64 = 1000
  ) throws -> ProducedBatch {
    var options = BatchOptions(
      producer: Producer(id: id, epoch: epoch), baseSequence: SequenceNumber(rawValue: sequence),
      isTransactional: isTransactional)
    options.baseOffset = Offset(rawValue: offset)
    let records = (0..<count).map { _ in
      Record(value: "v", timestamp: Timestamp(rawValue: time))
    }
    let batch = try RecordBatch.of(records, options)
    return try #require(ProducedBatch(batch.header))
  }

  /// Asks for a batch, and takes note of it where it is accepted.
  mutating func send(
    _ id: Int64, _ epoch: Int16 = 0, _ sequence: Int32, count: Int32 = 1,
    isTransactional: Bool = false,
    time: Int64 = 1000
  ) throws -> ProducerVerdict {
    let batch = try Self.batch(
      id, epoch, sequence, count: count, isTransactional: isTransactional, at: next, time: time)
    let slot = table.slot(of: id)
    let verdict = table.check(batch, at: slot)
    if verdict == .accept { record(batch) }
    return verdict
  }

  /// Takes note of a batch without asking, as of a leader.
  mutating func follow(_ id: Int64, _ epoch: Int16 = 0, _ sequence: Int32, count: Int32 = 1) throws
  {
    record(try Self.batch(id, epoch, sequence, count: count, at: next))
  }

  private mutating func record(_ batch: ProducedBatch) {
    table.record(batch, at: table.slot(of: batch.producer.id))
    next += Int64(batch.lastOffsetDelta) + 1
  }

  /// Ends a transaction; nil where that was refused.
  mutating func mark(
    _ id: Int64, _ epoch: Int16 = 0, _ outcome: EndTransactionMarker.Outcome,
    coordinator: Int32 = 0,
    time: Int64 = 1000
  ) -> Result<EndedTransaction?, Refused> {
    let marker = ProducedMarker(
      producer: Producer(id: id, epoch: epoch),
      marker: EndTransactionMarker(outcome, coordinatorEpoch: coordinator),
      offset: Offset(rawValue: next), timestamp: Timestamp(rawValue: time))
    let slot = table.slot(of: id)
    if let refusal = table.refusal(of: marker, at: slot) { return .failure(Refused(refusal)) }
    next += 1
    return .success(table.record(marker, at: slot))
  }

  struct Refused: Error, Equatable {
    let refusal: ProducerRefusal
    init(_ refusal: ProducerRefusal) { self.refusal = refusal }
  }

  /// The table that a snapshot of this one makes.
  var reloaded: Producing {
    var copy = self
    copy.table = ProducerTable(table.frozen.snapshot, maximumCount: table.maximumCount)
    return copy
  }
}
