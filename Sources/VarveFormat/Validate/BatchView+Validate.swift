extension BatchView {
  /// How far validation could look.
  enum Validation {
    /// Header, checksum and all records are right.
    case recordsChecked
    /// Header and checksum are right; the records are compressed, and nobody looked inside.
    case recordsCompressed
  }

  /// Looks at everything: the rules of the header, the checksum, and each record.
  ///
  /// Compressed records are covered by the checksum, and looked into when they are read.
  ///
  /// - Throws: An error whose ``LogError/breach`` names the broken rule, the byte and the record.
  @discardableResult
  func validate(as origin: BatchOrigin) throws(LogError) -> Validation {
    try checkChecksum()
    try checkHeader()
    if origin == .producer { try checkProducedHeader() }
    guard header.codec == .none else { return .recordsCompressed }
    try checkRecords(as: origin)
    return .recordsChecked
  }

  /// Compares the batch's bytes with the checksum in its header.
  package func checkChecksum() throws(LogError) {
    let start = BatchHeader.checksummedFrom
    let actual = CRC32C.checksum(of: bytes.slice(start, count: bytes.byteCount &- start))
    guard actual == header.checksum else {
      throw .breach(
        .checksum, atByte: BatchHeader.Field.checksum,
        "the header says \(header.checksum), the bytes say \(actual)")
    }
  }

  /// The rules that hold for every batch, wherever it comes from.
  package func checkHeader() throws(LogError) {
    guard header.attributes.codec != nil else {
      throw .breach(
        .codec, atByte: BatchHeader.Field.attributes, "it is \(header.attributes.codecNumber)")
    }
    guard !header.isControl || header.codec == .none else {
      throw .breach(.controlBatchIsPlain, atByte: BatchHeader.Field.attributes)
    }
    let count = Int64(header.recordCount)
    guard count >= 0, count <= Int64(header.lastOffsetDelta) + 1 else {
      throw .breach(
        .recordCount, atByte: BatchHeader.Field.recordCount,
        "\(count) records, last offset delta \(header.lastOffsetDelta)")
    }
  }

  /// What a producer's batch keeps besides.
  private func checkProducedHeader() throws(LogError) {
    guard header.baseOffset == 0 else {
      throw .breach(
        .producedBaseOffset, atByte: BatchHeader.Field.baseOffset, "it says \(header.baseOffset)")
    }
    guard header.recordCount > 0, header.recordCount - 1 == header.lastOffsetDelta else {
      throw .breach(
        .producedRecordCount, atByte: BatchHeader.Field.recordCount,
        "\(header.recordCount) records, last offset delta \(header.lastOffsetDelta)")
    }
    guard !header.isControl else {
      throw .breach(.producedControl, atByte: BatchHeader.Field.attributes)
    }
    guard !header.attributes.hasDeleteHorizon else {
      throw .breach(.producedDeleteHorizon, atByte: BatchHeader.Field.attributes)
    }
    guard header.baseTimestamp.isStorable else {
      throw .breach(.producedTimestamp, atByte: BatchHeader.Field.baseTimestamp)
    }
    guard header.maxTimestamp.isStorable else {
      throw .breach(.producedTimestamp, atByte: BatchHeader.Field.maxTimestamp)
    }
    try checkProducer()
  }

  private func checkProducer() throws(LogError) {
    guard let producer = header.producer else {
      guard !header.isTransactional else {
        throw .breach(.transactional, atByte: BatchHeader.Field.attributes)
      }
      return
    }
    guard producer.epoch >= 0 else {
      throw .breach(
        .producer, atByte: BatchHeader.Field.producerEpoch, "the epoch is \(producer.epoch)")
    }
    guard header.baseSequence.rawValue >= 0 else {
      throw .breach(
        .producer, atByte: BatchHeader.Field.baseSequence,
        "the first sequence number is \(header.baseSequence.rawValue)")
    }
  }
}
