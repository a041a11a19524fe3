/// What a log knows of one producer. A million of them are kept, so nothing is wider than it must be:
/// 64 bytes, and 96 more once there is a second batch.
struct ProducerState: Sendable {
  /// The producer; negative where the slot is nobody's.
  var id: Int64
  /// The time of what it sent last, by its own clock, mostly.
  var lastTimestamp: Int64
  /// Where its open transaction begins; negative for none.
  var transactionStart: Int64 = -1
  /// Its last batch, if ``hasBatch``.
  var last = RememberedBatch.none
  /// The reign of the coordinator that ended its last transaction; negative for none.
  var coordinatorEpoch: Int32 = -1
  /// Where the batches before the last one are kept; negative for nowhere.
  var earlierSlot: Int32 = -1
  /// When the log took that in, in seconds by the log's clock; 0 if that was before it was opened.
  var heardAt: UInt32 = 0
  /// Its life.
  var epoch: Int16
  /// How many batches before the last one are remembered.
  var earlierCount: UInt8 = 0
  /// Where in their ring the youngest of these is.
  var earlierStart: UInt8 = 0

  /// A producer of whom nothing is known yet.
  init(_ producer: Producer, at timestamp: Int64) {
    id = producer.id
    epoch = producer.epoch
    lastTimestamp = timestamp
  }

  /// Where in the ring of the batches before the last one the one of that age is, 0 for the youngest.
  func earlierIndex(_ age: Int) -> Int {
    (Int(earlierStart) + age) % (ProducerTable.batchCount - 1)
  }

  var hasBatch: Bool { last.lastOffset >= 0 }
  var hasOpenTransaction: Bool { transactionStart >= 0 }
  var isPresent: Bool { id >= 0 }

  /// When it was heard of last. Who sends what is old is not silent.
  var lastHeard: Int64 { max(lastTimestamp, Int64(heardAt) * 1000) }

  /// Takes note of when it sent something.
  mutating func hear(_ timestamp: Timestamp, now: Timestamp) {
    lastTimestamp = timestamp.rawValue
    heardAt = max(heardAt, UInt32(clamping: now.rawValue / 1000))
  }

  /// Whether another batch of a life is one of many: the last ones have their places.
  func goesOn(in life: Int16) -> Bool { epoch == life && hasBatch && earlierSlot >= 0 }

  /// Makes a batch the last one. Returns the one before, and where that is to go.
  mutating func goOn(
    with batch: ProducedBatch, now: Timestamp
  ) -> (place: (slot: Int, index: Int), before: RememberedBatch) {
    let before = last
    last = batch.remembered
    hear(batch.timestamp, now: now)
    return (turn(), before)
  }

  /// Turns the ring of the batches before the last one, and returns where the next one of them goes.
  mutating func turn() -> (slot: Int, index: Int) {
    let limit = ProducerTable.batchCount - 1
    earlierStart = UInt8(earlierIndex(limit - 1))
    earlierCount = min(earlierCount + 1, UInt8(limit))
    return (Int(earlierSlot), Int(earlierStart))
  }

  /// The number of the record that is next.
  var nextSequence: SequenceNumber {
    hasBatch ? SequenceNumber(rawValue: last.lastSequence).advanced(by: 1) : 0
  }
}

/// A batch, as its producer numbered it and where the log put it.
struct RememberedBatch: Hashable, Sendable {
  var lastOffset: Int64
  var timestamp: Int64
  var lastSequence: Int32
  var lastOffsetDelta: Int32

  static let none = RememberedBatch(
    lastOffset: -1, timestamp: -1, lastSequence: -1, lastOffsetDelta: 0)

  /// Where the log put it.
  var receipt: AppendReceipt {
    AppendReceipt(
      baseOffset: Offset(rawValue: lastOffset &- Int64(lastOffsetDelta)),
      nextOffset: Offset(rawValue: lastOffset &+ 1), timestamp: Timestamp(rawValue: timestamp),
      isDuplicate: true)
  }
}

/// What a batch says of its producer, and where it lies or is to lie.
struct ProducedBatch: Hashable, Sendable {
  var producer: Producer
  var firstSequence: SequenceNumber
  var lastOffsetDelta: Int32
  var isTransactional: Bool
  var baseOffset: Offset
  var timestamp: Timestamp

  /// What a header says; nil for a batch that is no producer's, or no data.
  init?(_ header: BatchHeader) {
    guard let producer = header.producer, !header.isControl else { return nil }
    self.producer = producer
    firstSequence = header.baseSequence
    lastOffsetDelta = header.lastOffsetDelta
    isTransactional = header.isTransactional
    baseOffset = header.baseOffset
    timestamp = header.maxTimestamp
  }

  var lastSequence: SequenceNumber { firstSequence.advanced(by: lastOffsetDelta) }

  /// What is remembered of it.
  var remembered: RememberedBatch {
    RememberedBatch(
      lastOffset: baseOffset.rawValue &+ Int64(lastOffsetDelta), timestamp: timestamp.rawValue,
      lastSequence: lastSequence.rawValue, lastOffsetDelta: lastOffsetDelta)
  }
}

/// A marker that ends a producer's transaction, and where it lies or is to lie.
struct ProducedMarker: Hashable, Sendable {
  var producer: Producer
  var marker: EndTransactionMarker
  var offset: Offset
  var timestamp: Timestamp
}
