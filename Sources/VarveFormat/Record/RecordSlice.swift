// SAFETY: `start` is that of the records of a batch, among which `layout` lies. Its bytes are kept
// alive by `owner`, and nobody changes them once they are shared.
/// One record inside the batch that it keeps alive.
@safe
public struct RecordSlice: @unchecked Sendable {
  /// The record's place in its log.
  public let offset: Offset

  /// When the record was made, or, in batches of ``TimestampType/appendTime``, appended.
  public let timestamp: Timestamp

  private let owner: ByteStorage
  /// Where the records of the batch begin.
  private let start: UnsafeRawPointer
  private let layout: RecordLayout

  @inline(__always)
  init(
    _ layout: RecordLayout, from start: UnsafeRawPointer, owner: ByteStorage, offset: Offset,
    timestamp: Timestamp
  ) {
    self.layout = layout
    unsafe self.start = start
    self.owner = owner
    self.offset = offset
    self.timestamp = timestamp
  }

  /// The record without its ownership.
  public var view: RecordView {
    @_lifetime(borrow self) get {
      // SAFETY: the record ends within its batch, which lives as long as self, and the view no
      // longer.
      let records = unsafe RawSpan(_unsafeStart: start, byteCount: layout.end)
      let view = RecordView(layout, in: records, offset: offset, timestamp: timestamp)
      return unsafe _overrideLifetime(view, borrowing: self)
    }
  }

  /// What the record is about, if anything.
  public var key: RawSpan? { @_lifetime(borrow self) get { view.key } }

  /// What the record says, or nil for a tombstone.
  public var value: RawSpan? { @_lifetime(borrow self) get { view.value } }

  /// What was said about the record.
  public var headers: RecordHeadersView { @_lifetime(borrow self) get { view.headers } }

  /// Whether the record has no value.
  public var isTombstone: Bool { layout.value.isNull }
}
