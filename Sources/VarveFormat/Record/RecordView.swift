/// One record, where it lies. It borrows its batch's bytes and copies nothing.
public struct RecordView: ~Escapable {
  /// The record's place in its log.
  public let offset: Offset

  /// When the record was made, or, in batches of ``TimestampType/appendTime``, appended.
  public let timestamp: Timestamp

  /// The records of the batch, all of them.
  let records: RawSpan
  let layout: RecordLayout

  @inline(__always)
  @_lifetime(copy records)
  init(_ layout: RecordLayout, in records: RawSpan, offset: Offset, timestamp: Timestamp) {
    self.layout = layout
    self.records = records
    self.offset = offset
    self.timestamp = timestamp
  }

  /// What the record is about, if anything.
  public var key: RawSpan? {
    @_lifetime(copy self) get { records.part(layout.key) }
  }

  /// What the record says. Without one the record is a tombstone: in a compacted log it deletes
  /// its key.
  public var value: RawSpan? {
    @_lifetime(copy self) get { records.part(layout.value) }
  }

  /// What was said about the record.
  public var headers: RecordHeadersView {
    @_lifetime(copy self) get {
      RecordHeadersView(
        encoded: records.slice(
          Int(layout.headersStart), count: layout.end &- Int(layout.headersStart)),
        count: Int(layout.headerCount))
    }
  }

  /// Whether the record has no value.
  public var isTombstone: Bool { layout.value.isNull }

  /// Where a part begins, counted from the start of the batch.
  func position(of part: RecordLayout.Extent) -> Int {
    BatchHeader.Field.records + Int(part.start)
  }

  /// Bytes that the record takes in its batch, uncompressed, its length field left out.
  public var byteCount: Int { Int(layout.body.count) }
}
