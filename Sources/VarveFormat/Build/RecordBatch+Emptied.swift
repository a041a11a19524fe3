extension RecordBatch {
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
}
