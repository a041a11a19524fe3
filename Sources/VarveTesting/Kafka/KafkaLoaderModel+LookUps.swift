public import VarveFormat

extension KafkaLoaderModel {
  /// A batch that Kafka serves, by what it sees of it: its header, which it believes.
  public struct ServedBatch: Hashable, Sendable {
    /// The base of its segment.
    public let segment: Offset
    /// Where its bytes lie in the segment.
    public let range: Range<Int>
    /// The offset of its first record.
    public let baseOffset: Offset
    /// The offset of its last record.
    public let lastOffset: Offset
    /// Whether its checksum holds: consumers look at that, and brokers do not.
    public let isIntact: Bool
  }

  /// A record that Kafka serves.
  public struct ServedRecord: Hashable, Sendable {
    /// Where Kafka has it.
    public let offset: Offset
    /// What it says.
    public let record: Record
  }

  /// What Kafka answers when it is asked for a time.
  public struct ServedTime: Hashable, Sendable {
    /// The batch of the answer.
    public let batch: ServedBatch
    /// The record's offset. Nil where the batch is compressed with a codec that is not built in, and
    /// it may be any of its records, or none.
    public let offset: Offset?
    /// The record's time.
    public let timestamp: Timestamp?
  }
}

extension KafkaLoaderModel.Outcome {
  /// The batches that are served, by a walk over all segments: from the log's start up to its end.
  public var batches: [KafkaLoaderModel.ServedBatch] {
    get throws(KafkaLoaderModel.Failure) {
      var found: [KafkaLoaderModel.ServedBatch] = []
      for base in segments {
        let segment = segment(base)
        var walk = KafkaBatchWalk(segment.log)
        while let batch = try next(&walk, in: base) {
          guard batch.lastOffset >= logStartOffset, batch.baseOffset < logEndOffset else {
            continue
          }
          found.append(KafkaLoaderModel.ServedBatch(batch, of: segment))
        }
      }
      return found
    }
  }

  /// The bytes of a batch that is served.
  public func bytes(of batch: KafkaLoaderModel.ServedBatch) -> [UInt8] {
    Array(segment(batch.segment).log[batch.range])
  }

  /// The batches that are served, found right as a consumer finds them right.
  ///
  /// - Throws: ``KafkaLoaderModel/Failure`` where there is no batch, and what `RecordBatch` says of one that is
  ///   corrupt.
  public func recordBatches() throws -> [RecordBatch] {
    try batches.map { try RecordBatch(validating: bytes(of: $0), as: .log) }
  }

  /// All records that are served, as a consumer gets them.
  ///
  /// - Throws: What ``recordBatches()`` throws, and what looking into a batch does.
  public func records() throws -> [KafkaLoaderModel.ServedRecord] {
    try recordBatches().flatMap { batch in
      try batch.records().map {
        KafkaLoaderModel.ServedRecord(offset: $0.offset, record: Record(copying: $0))
      }
    }
  }

  /// The batch that Kafka finds when it is asked for an offset, through the indexes as they are:
  /// the one that holds it, or the next one; nil where it has nothing to send.
  public func batch(holding offset: Offset) throws(KafkaLoaderModel.Failure) -> KafkaLoaderModel
    .ServedBatch?
  {
    guard offset >= logStartOffset, offset < logEndOffset,
      let first = segments.lastIndex(where: { $0 <= offset })
    else { return nil }
    for base in segments[first...] {
      let segment = segment(base)
      do {
        guard let batch = try segment.batch(holding: offset) else { continue }
        return KafkaLoaderModel.ServedBatch(batch, of: segment)
      } catch {
        throw corruption(error, in: base)
      }
    }
    return nil
  }

  /// What Kafka answers when it is asked for the first record of a time or a later one, through
  /// the indexes as they are; nil where it finds none. Only the first segment is looked into whose
  /// last index entry says that it is new enough.
  public func first(atOrAfter timestamp: Timestamp) throws(KafkaLoaderModel.Failure)
    -> KafkaLoaderModel.ServedTime?
  {
    let found = segments.lazy.map { segment($0) }.first { $0.largestTimestamp >= timestamp }
    guard let segment = found else { return nil }
    return try segment.search(
      for: timestamp, from: logStartOffset,
      corrupt: { corruption($0, in: segment.baseOffset) }
    ) { batch throws(KafkaLoaderModel.Failure) in
      try answer(timestamp, in: batch, of: segment)
    }
  }
}

extension KafkaLoaderModel.Outcome {
  private func segment(_ base: Offset) -> KafkaSegment {
    KafkaSegment(base, in: files, modified: model.modified)
  }

  private func corruption(_ batch: CorruptBatch, in base: Offset) -> KafkaLoaderModel.Failure {
    .corruptBatch(file: SegmentFileName(base, .log).description, position: batch.position)
  }

  private func next(
    _ walk: inout KafkaBatchWalk, in base: Offset
  ) throws(KafkaLoaderModel.Failure) -> KafkaBatch? {
    do { return try walk.next() } catch { throw corruption(error, in: base) }
  }

  private func answer(
    _ timestamp: Timestamp, in batch: KafkaBatch, of segment: KafkaSegment
  ) throws(KafkaLoaderModel.Failure) -> KafkaLoaderModel.ServedTime? {
    let served = KafkaLoaderModel.ServedBatch(batch, of: segment)
    guard batch.attributes.codec?.isBuiltIn ?? false else {
      return KafkaLoaderModel.ServedTime(batch: served, offset: nil, timestamp: nil)
    }
    guard
      let records = try? RecordBatch(validating: bytes(of: served), as: .log).records()
    else {
      throw corruption(CorruptBatch(position: batch.position), in: segment.baseOffset)
    }
    let record = records.first { $0.timestamp >= timestamp && $0.offset >= logStartOffset }
    return record.map {
      KafkaLoaderModel.ServedTime(batch: served, offset: $0.offset, timestamp: $0.timestamp)
    }
  }
}

extension KafkaLoaderModel.ServedBatch {
  init(_ batch: KafkaBatch, of segment: KafkaSegment) {
    self.init(
      segment: segment.baseOffset, range: batch.range, baseOffset: batch.baseOffset,
      lastOffset: batch.lastOffset, isIntact: batch.isValid(in: segment.log))
  }
}
