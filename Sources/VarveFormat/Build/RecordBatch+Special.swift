// The batches that no producer builds.
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

  /// What compaction leaves of a batch whose records are all gone, so that its offsets and its
  /// producer's numbers stay known.
  public init(emptied header: BatchHeader) {
    var emptied = header
    emptied.byteCount = FormatLimits.batchHeaderByteCount
    emptied.attributes.setCodec(.none)
    emptied.attributes.hasDeleteHorizon = false
    emptied.baseTimestamp = .none
    emptied.recordCount = 0
    let storage = ByteStorage(capacity: emptied.byteCount)
    // SAFETY: the storage is as long as the header.
    unsafe emptied.seal(in: storage.base)
    self.init(storage: storage, header: emptied, hasCheckedRecords: true)
  }

  /// Bytes of a transaction marker's batch.
  static let markerByteCount = 78
}
