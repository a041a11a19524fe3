extension RecordBatch {
  /// The batch of this header with its records in another form, which have been checked.
  init(
    _ header: BatchHeader, _ codec: CompressionCodec, records: RawSpan
  ) throws(LogError) {
    let header = try header.recoded(codec, recordsByteCount: records.byteCount)
    let storage = ByteStorage(capacity: header.byteCount)
    // SAFETY: the storage is as long as a header and the records.
    let sealed = unsafe header.sealed(with: records, in: storage.base)
    self.init(storage: storage, header: sealed, hasCheckedRecords: true)
  }
}

extension BatchHeader {
  /// The header of the batch whose records have been brought into another form.
  func recoded(_ codec: CompressionCodec, recordsByteCount: Int) throws(LogError) -> BatchHeader {
    guard recordsByteCount <= FormatLimits.maximumRecordsByteCount else {
      throw LogError(.invalidArgument, "no batch has room for \(recordsByteCount) bytes of records")
    }
    var header = self
    header.attributes.setCodec(codec)
    header.byteCount = FormatLimits.batchHeaderByteCount + recordsByteCount
    return header
  }

  /// Writes the header and records behind it, and returns the header with its checksum.
  func sealed(with records: RawSpan, in memory: UnsafeMutableRawPointer) -> BatchHeader {
    var header = self
    // SAFETY: the callers have room for all of it.
    unsafe (memory + Field.records).storeBytes(of: records)
    unsafe header.seal(in: memory)
    return header
  }
}
