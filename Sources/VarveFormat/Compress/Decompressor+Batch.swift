extension Decompressor {
  /// The records of a batch, compressed or not, once they have been found well formed.
  ///
  /// - Returns: Records that are there until the next call.
  /// - Throws: What ``decompress(_:_:)`` does, with the batch's byte at which it shows, and
  ///   ``LogError/Code/corrupt`` for records that are not well formed. Of those, the byte is where
  ///   it would be if they were not compressed.
  @_lifetime(&self, copy batch)
  public mutating func records(of batch: BatchView) throws(LogError) -> RecordsView {
    let header = batch.header
    if !batch.hasCheckedRecords { try header.check() }
    guard header.codec != .none else { return try batch.records }
    let records = try open(batch, header)
    if !batch.hasCheckedRecords { try header.check(records, as: .log) }
    return RecordsView(of: batch, encoded: records, owner: nil)
  }

  /// Checks what a producer compressed, as deep as what it didn't.
  mutating func check(
    _ batch: borrowing BatchView, _ header: BatchHeader, as origin: BatchOrigin
  ) throws(LogError) {
    try header.check(try open(batch, header), as: origin)
  }

  /// The same batch, its records not compressed.
  public mutating func decompress(_ batch: RecordBatch) throws(LogError) -> RecordBatch {
    guard batch.header.codec != .none else { return batch }
    let records = try self.records(of: batch.view)
    return try RecordBatch(batch.header, .none, records: records.encoded)
  }

  /// What comes out of a batch's records, whatever it is.
  @_lifetime(&self)
  private mutating func open(
    _ batch: borrowing BatchView, _ header: BatchHeader
  ) throws(LogError) -> RawSpan {
    do throws(LogError) {
      return try decompress(batch.encodedRecords, header.codec)
    } catch {
      // The stream begins behind the header.
      throw error.shifted(by: BatchHeader.Field.records)
    }
  }
}
