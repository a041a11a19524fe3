// What the log takes: a batch is taken whole, or refused with all that is wrong with its records.

extension Log {
  @inline(__always)
  func admit(byteCount: Int) throws(LogError) {
    guard byteCount <= maximumByteCount else {
      throw LogError(
        .invalidArgument,
        "a batch of \(byteCount) bytes, where \(configuration.maximumBatchByteCount) are the most, "
          + "and a segment has \(configuration.segmentByteCount)")
    }
  }

  /// The time that a record gets: its own, if that may be, or now.
  @inline(__always)
  func admit(_ timestamp: Timestamp?) throws(LogError) -> Timestamp {
    guard let timestamp else { return clock.now }
    guard timestamp.isStorable else {
      throw LogError(.invalidArgument, "a record cannot carry \(timestamp)")
    }
    return timestamp
  }

  /// A record alone.
  @inline(__always)
  func admit(hasKey: Bool, _ timestamp: Timestamp) throws(LogError) {
    guard configuration.limitsRecords else { return }
    guard let reason = admission.objection(hasKey: hasKey, timestamp: timestamp) else { return }
    throw .rejected([RecordRejection(index: 0, reason: reason)])
  }

  /// Records that are to become a batch; those without a time get the log's.
  func admit(_ records: [Record]) throws(LogError) {
    guard configuration.limitsRecords else { return }
    let admission = admission
    let rejections = records.enumerated().compactMap { index, record in
      admission.objection(hasKey: record.key != nil, timestamp: record.timestamp ?? .none)
        .map { RecordRejection(index: index, reason: $0) }
    }
    if !rejections.isEmpty { throw .rejected(rejections) }
  }

  /// A batch, its records compressed or not.
  func admit(_ batch: BatchView, _ header: BatchHeader) throws(LogError) {
    guard !header.isControl else {
      throw LogError(.invalidArgument, "control batches are the log's own to write")
    }
    guard configuration.limitsRecords || header.timestampType == .appendTime else { return }
    let admission = admission
    guard admission.mustLookInto(header) else { return }
    let pooled = runtime.decompressors.take()
    defer { runtime.decompressors.giveBack(pooled) }
    let rejections = try admission.objections(to: batch, using: &pooled.decompressor)
    if !rejections.isEmpty { throw .rejected(rejections) }
  }

  private var admission: RecordAdmission { RecordAdmission(configuration, now: clock.now) }
}

extension RecordAdmission {
  /// All that is wrong with a batch's records.
  fileprivate func objections(
    to batch: BatchView, using decompressor: inout Decompressor
  ) throws(LogError) -> [RecordRejection] {
    let claimsLogTime = batch.header.timestampType == .appendTime
    let records = try decompressor.records(of: batch)
    var found: [RecordRejection] = []
    var iterator = records.makeIterator()
    var index = 0
    while let record = iterator.next() {
      let reason = objection(
        hasKey: record.key != nil, timestamp: record.timestamp, claimsLogTime: claimsLogTime)
      if let reason { found.append(RecordRejection(index: index, reason: reason)) }
      index += 1
    }
    return found
  }
}
