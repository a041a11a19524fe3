/// What a log knows of one producer at some offset, as its snapshot has it.
public struct ProducerSnapshotEntry: Hashable, Sendable {
  /// Bytes of an entry.
  public static let byteCount = 46

  /// Who the producer is, and in which of its lives.
  public var producer: Producer
  /// The last batch that it appended; nil if all that is known is from a marker.
  public var lastBatch: ProducerBatch?
  /// When it was heard of last.
  public var timestamp: Timestamp
  /// The reign of the transaction coordinator that ended its last transaction; nil if none has.
  public var coordinatorEpoch: Int32?
  /// Where its open transaction begins; nil if none is open.
  public var transactionStart: Offset?

  /// An entry.
  public init(
    producer: Producer, lastBatch: ProducerBatch? = nil, timestamp: Timestamp,
    coordinatorEpoch: Int32? = nil, transactionStart: Offset? = nil
  ) {
    self.producer = producer
    self.lastBatch = lastBatch
    self.timestamp = timestamp
    self.coordinatorEpoch = coordinatorEpoch
    self.transactionStart = transactionStart
  }
}

/// A batch as its producer numbered it, and where the log put it.
public struct ProducerBatch: Hashable, Sendable {
  /// The number of its last record.
  public var lastSequence: SequenceNumber
  /// The offset of its last record.
  public var lastOffset: Offset
  /// How far that lies behind its first one.
  public var lastOffsetDelta: Int32

  /// A batch.
  public init(lastSequence: SequenceNumber, lastOffset: Offset, lastOffsetDelta: Int32) {
    self.lastSequence = lastSequence
    self.lastOffset = lastOffset
    self.lastOffsetDelta = lastOffsetDelta
  }

  /// The number of its first record.
  public var firstSequence: SequenceNumber { lastSequence.advanced(by: 0 &- lastOffsetDelta) }

  /// The offset of its first record. Nobody checks that there is one: below 0 there is none.
  public var firstOffset: Offset { lastOffset.advanced(by: -Int(lastOffsetDelta)) }
}

// MARK: Bytes

extension ProducerSnapshotEntry {
  private enum Field {
    static let producerID = 0
    static let producerEpoch = 8
    static let lastSequence = 10
    static let lastOffset = 14
    static let lastOffsetDelta = 22
    static let timestamp = 26
    static let coordinatorEpoch = 34
    static let transactionStart = 38
  }

  /// Reads the entry that begins at `start`, all of whose bytes are there.
  ///
  /// What is below 0 where that makes no sense is taken for nothing, as Kafka takes it.
  init(parsing bytes: RawSpan, at start: Int) {
    producer = Producer(
      id: bytes.bigEndian(at: start + Field.producerID),
      epoch: bytes.bigEndian(at: start + Field.producerEpoch))
    timestamp = Timestamp(rawValue: bytes.bigEndian(at: start + Field.timestamp))
    let coordinator: Int32 = bytes.bigEndian(at: start + Field.coordinatorEpoch)
    coordinatorEpoch = coordinator >= 0 ? coordinator : nil
    let transaction = Offset(rawValue: bytes.bigEndian(at: start + Field.transactionStart))
    transactionStart = transaction >= 0 ? transaction : nil
    let last = ProducerBatch(
      lastSequence: SequenceNumber(rawValue: bytes.bigEndian(at: start + Field.lastSequence)),
      lastOffset: Offset(rawValue: bytes.bigEndian(at: start + Field.lastOffset)),
      lastOffsetDelta: bytes.bigEndian(at: start + Field.lastOffsetDelta))
    lastBatch = last.lastOffset >= 0 ? last : nil
  }

  /// Appends the entry's bytes.
  func append(to bytes: inout [UInt8]) {
    bytes.append(bigEndian: producer.id)
    bytes.append(bigEndian: producer.epoch)
    bytes.append(bigEndian: lastBatch?.lastSequence.rawValue ?? -1)
    bytes.append(bigEndian: lastBatch?.lastOffset.rawValue ?? -1)
    bytes.append(bigEndian: lastBatch?.lastOffsetDelta ?? 0)
    bytes.append(bigEndian: timestamp.rawValue)
    bytes.append(bigEndian: coordinatorEpoch ?? -1)
    bytes.append(bigEndian: transactionStart?.rawValue ?? -1)
  }
}
