/// The 61 bytes before a batch's records, as values.
///
/// A header that was read from bytes is well formed: its length counts at least itself, its format
/// version is 2 and its offsets do not overflow. Whether its checksum holds, and what its records
/// are, is for ``BatchView/validate(as:)`` to say. Only Varve itself changes fields, so that what
/// was well formed stays so.
public struct BatchHeader: Hashable, Sendable {
  /// The offset of the first record as it was written first; compaction keeps it.
  public package(set) var baseOffset: Offset
  /// Bytes of the batch, header included.
  public package(set) var byteCount: Int
  /// The reign of the leader that took the batch in.
  public package(set) var leaderEpoch: LeaderEpoch
  /// CRC-32C of everything from byte 21 on.
  public package(set) var checksum: UInt32
  /// The flags.
  public package(set) var attributes: BatchAttributes
  /// The last record's distance from the base offset; compaction keeps it.
  public package(set) var lastOffsetDelta: Int32
  /// What the records' timestamps are counted from: the first one's, or a delete horizon.
  public package(set) var baseTimestamp: Timestamp
  /// The greatest timestamp, or when the batch was appended.
  public package(set) var maxTimestamp: Timestamp
  /// The producer as it stands there, negative for none.
  var rawProducer: Producer
  /// The number of the first record among those of its producer.
  public package(set) var baseSequence: SequenceNumber
  /// How many records there are; fewer than offsets where compaction took some.
  public package(set) var recordCount: Int32

  init(
    baseOffset: Offset, byteCount: Int, leaderEpoch: LeaderEpoch, checksum: UInt32 = 0,
    attributes: BatchAttributes, lastOffsetDelta: Int32, baseTimestamp: Timestamp,
    maxTimestamp: Timestamp, rawProducer: Producer, baseSequence: SequenceNumber,
    recordCount: Int32
  ) {
    self.baseOffset = baseOffset
    self.byteCount = byteCount
    self.leaderEpoch = leaderEpoch
    self.checksum = checksum
    self.attributes = attributes
    self.lastOffsetDelta = lastOffsetDelta
    self.baseTimestamp = baseTimestamp
    self.maxTimestamp = maxTimestamp
    self.rawProducer = rawProducer
    self.baseSequence = baseSequence
    self.recordCount = recordCount
  }
}

// MARK: What follows from the fields

extension BatchHeader {
  /// The offset of the last record as it was written first.
  public var lastOffset: Offset {
    Offset(rawValue: baseOffset.rawValue &+ Int64(lastOffsetDelta))
  }

  /// The first offset behind the batch.
  public var nextOffset: Offset { Offset(rawValue: lastOffset.rawValue &+ 1) }

  /// The offsets of the batch, those of removed records included.
  public var offsets: Range<Offset> { baseOffset..<nextOffset }

  /// How the records are compressed.
  public var codec: CompressionCodec { attributes.codec ?? .none }

  /// Whose clock the timestamps come from.
  public var timestampType: TimestampType { attributes.timestampType }

  /// Whether the records belong to a transaction.
  public var isTransactional: Bool { attributes.isTransactional }

  /// Whether the records speak to readers of the log and not to its users.
  public var isControl: Bool { attributes.isControl }

  /// From when on the batch's tombstones, or its marker, may be removed.
  public var deleteHorizon: Timestamp? { attributes.hasDeleteHorizon ? baseTimestamp : nil }

  /// The idempotent producer that sent the batch, if one did.
  public var producer: Producer? { rawProducer.id >= 0 ? rawProducer : nil }

  /// Whether the batch is a user's, and in no transaction: nearly all are.
  package var isPlain: Bool {
    attributes.rawValue & (BatchAttributes.transactionalFlag | BatchAttributes.controlFlag) == 0
  }

  /// Whether an idempotent producer sent the batch.
  package var hasProducer: Bool { rawProducer.id >= 0 }

  /// The number of the last record among those of its producer.
  public var lastSequence: SequenceNumber { baseSequence.advanced(by: lastOffsetDelta) }

  /// The number of the record at `offset`, one of ``offsets``, among those of its producer.
  public func sequence(at offset: Offset) -> SequenceNumber {
    baseSequence.advanced(by: Int32(truncatingIfNeeded: baseOffset.distance(to: offset)))
  }
}
