extension RecordBatch {
  /// The batch that ends a producer's transaction.
  public init(
    _ marker: EndTransactionMarker, by producer: Producer, at timestamp: Timestamp,
    baseOffset: Offset = 0, leaderEpoch: LeaderEpoch = .none
  ) throws(LogError) {
    var options = BatchOptions(producer: producer, baseSequence: .none, isTransactional: true)
    options.isControl = true
    options.baseOffset = baseOffset
    options.leaderEpoch = leaderEpoch
    var builder = try RecordBatchBuilder(options, capacity: Self.markerByteCount)
    try builder.append(
      Record(key: marker.encodedKey, value: marker.encodedValue, timestamp: timestamp))
    // One record was appended, so there is a batch.
    self = builder.finish()!
  }

  /// Bytes of a transaction marker's batch.
  static let markerByteCount = 78
}
