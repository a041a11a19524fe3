extension BatchHeader {
  /// The rules that hold for every batch, wherever it comes from.
  func check() throws(LogError) {
    guard attributes.codec != nil else {
      throw .breach(
        .codec, atByte: Field.attributes, "it is \(attributes.codecNumber)")
    }
    guard !isControl || codec == .none else {
      throw .breach(.controlBatchIsPlain, atByte: Field.attributes)
    }
    let count = Int64(recordCount)
    guard count >= 0, count <= Int64(lastOffsetDelta) + 1 else {
      throw .breach(
        .recordCount, atByte: Field.recordCount,
        "\(count) records, last offset delta \(lastOffsetDelta)")
    }
  }

  /// What a producer's batch keeps besides.
  func checkProduced() throws(LogError) {
    guard baseOffset == 0 else {
      throw .breach(
        .producedBaseOffset, atByte: Field.baseOffset, "it says \(baseOffset)")
    }
    guard recordCount > 0, recordCount - 1 == lastOffsetDelta else {
      throw .breach(
        .producedRecordCount, atByte: Field.recordCount,
        "\(recordCount) records, last offset delta \(lastOffsetDelta)")
    }
    guard !isControl else {
      throw .breach(.producedControl, atByte: Field.attributes)
    }
    guard !attributes.hasDeleteHorizon else {
      throw .breach(.producedDeleteHorizon, atByte: Field.attributes)
    }
    guard baseTimestamp.isStorable else {
      throw .breach(.producedTimestamp, atByte: Field.baseTimestamp)
    }
    guard maxTimestamp.isStorable else {
      throw .breach(.producedTimestamp, atByte: Field.maxTimestamp)
    }
    try checkProducer()
  }

  private func checkProducer() throws(LogError) {
    guard let producer = producer else {
      guard !isTransactional else {
        throw .breach(.transactional, atByte: Field.attributes)
      }
      return
    }
    guard producer.epoch >= 0 else {
      throw .breach(
        .producer, atByte: Field.producerEpoch, "the epoch is \(producer.epoch)")
    }
    guard baseSequence.rawValue >= 0 else {
      throw .breach(
        .producer, atByte: Field.baseSequence,
        "the first sequence number is \(baseSequence.rawValue)")
    }
  }
}
