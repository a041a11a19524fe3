/// What a batch says of all its records.
public struct BatchOptions: Hashable, Sendable {
  /// The offset of the first record. A producer leaves it at 0: the log says which it becomes.
  public var baseOffset: Offset = 0
  /// The last offset that the batch stands for, if not its last record's. Compaction keeps it when
  /// it removes that record.
  public var lastOffset: Offset?
  /// The reign of the leader; the log stamps it.
  public var leaderEpoch: LeaderEpoch = .none
  /// The one time of all records, if they are to have that of the log's clock.
  public var appendTime: Timestamp?
  /// The idempotent producer, if the batch is numbered.
  public var producer: Producer?
  /// The number of the first record among those of its producer.
  public var baseSequence: SequenceNumber = .none
  /// Whether the records belong to a transaction of the producer.
  public var isTransactional = false
  /// Whether the records speak to readers of the log and not to its users.
  public var isControl = false
  /// From when on the batch's tombstones, or its marker, may be removed. Compaction sets it.
  public var deleteHorizon: Timestamp?

  /// A plain batch of a producer that does not number its records.
  public init() {}

  /// A batch of an idempotent producer.
  public init(
    producer: Producer, baseSequence: SequenceNumber, isTransactional: Bool = false
  ) {
    self.producer = producer
    self.baseSequence = baseSequence
    self.isTransactional = isTransactional
  }
}

extension BatchOptions {
  /// What another batch says of its records: to write it again with some of them, as compaction
  /// does. The offsets that it stands for stay the same.
  public init(rewriting header: BatchHeader) {
    baseOffset = header.baseOffset
    lastOffset = header.lastOffset
    leaderEpoch = header.leaderEpoch
    appendTime = header.timestampType == .appendTime ? header.maxTimestamp : nil
    producer = header.producer
    baseSequence = header.baseSequence
    isTransactional = header.isTransactional
    isControl = header.isControl
    deleteHorizon = header.deleteHorizon
  }

  /// Refuses what no batch may say.
  func check() throws(LogError) {
    guard baseOffset.rawValue >= 0, baseOffset.rawValue < .max else {
      throw invalid("the base offset is \(baseOffset)")
    }
    if let lastOffset {
      guard lastOffset >= baseOffset,
        lastOffset.rawValue - baseOffset.rawValue <= Int64(Int32.max), lastOffset.rawValue < .max
      else { throw invalid("the last offset \(lastOffset) is not one of \(baseOffset)") }
    }
    guard appendTime?.isStorable ?? true else { throw invalid("the append time is negative") }
    guard deleteHorizon?.isStorable ?? true else { throw invalid("the horizon is negative") }
    guard let producer else {
      guard !isTransactional else { throw invalid("a transaction has a producer") }
      return
    }
    guard producer.id >= 0 else { throw invalid("the producer's id is \(producer.id)") }
    guard producer.epoch >= 0 else { throw invalid("the producer's epoch is \(producer.epoch)") }
    guard isControl || baseSequence.rawValue >= 0 else {
      throw invalid("a producer numbers its records")
    }
  }

  private func invalid(_ message: String) -> LogError {
    LogError(.invalidArgument, "no such batch: \(message)")
  }

  /// The greatest offset delta that a record may have.
  var maximumOffsetDelta: Int64 {
    if let lastOffset { return lastOffset.rawValue - baseOffset.rawValue }
    return min(Int64(Int32.max), Int64.max - 1 - baseOffset.rawValue)
  }

  /// The flags that follow.
  var attributes: BatchAttributes {
    var attributes = BatchAttributes(rawValue: 0)
    attributes.timestampType = appendTime == nil ? .createTime : .appendTime
    attributes.isTransactional = isTransactional
    attributes.isControl = isControl
    attributes.hasDeleteHorizon = deleteHorizon != nil
    return attributes
  }
}
