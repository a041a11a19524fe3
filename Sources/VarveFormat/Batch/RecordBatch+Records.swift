extension RecordBatch {
  /// The records as a plain Swift sequence: `for record in try batch.records()`.
  ///
  /// Each record keeps the batch alive, at the price of a retain; `view.records` is the form
  /// without one.
  ///
  /// - Throws: ``LogError/Code/unsupported`` where they are compressed with a codec that is not
  ///   built in.
  public func records() throws(LogError) -> Records {
    _ = try view.records
    return Records(batch: self)
  }

  /// The records of a batch, which they keep alive.
  public struct Records: Sequence, Sendable {
    let batch: RecordBatch

    /// How many records there are.
    public var count: Int { Int(batch.header.recordCount) }

    /// Exactly how many records there are.
    public var underestimatedCount: Int { count }

    /// Visits the records.
    public func makeIterator() -> Iterator { Iterator(batch: batch) }

    /// Visits the records of a batch, which they keep alive.
    public struct Iterator: IteratorProtocol, Sendable {
      private let batch: RecordBatch
      private var position = BatchHeader.Field.records
      private var remaining: Int

      init(batch: RecordBatch) {
        self.batch = batch
        remaining = Int(batch.header.recordCount)
      }

      /// The next record, or nil behind the last one.
      public mutating func next() -> RecordSlice? {
        guard remaining > 0 else { return nil }
        remaining -= 1
        // `records()` has checked the layout of all of them, and nobody changes an owned batch.
        guard let layout = try? RecordLayout(of: batch.bytes, at: position) else {
          remaining = 0
          return nil
        }
        position = layout.end
        return RecordSlice(batch: batch, layout: layout)
      }
    }
  }
}

/// One record inside the batch that it keeps alive.
public struct RecordSlice: Sendable {
  private let batch: RecordBatch
  private let layout: RecordLayout

  init(batch: RecordBatch, layout: RecordLayout) {
    self.batch = batch
    self.layout = layout
  }

  /// The record without its ownership.
  public var view: RecordView {
    @_lifetime(borrow self) get {
      let view = RecordView(layout, in: batch.bytes, offset: offset, timestamp: timestamp)
      // SAFETY: the batch lives as long as self, and the view no longer.
      return unsafe _overrideLifetime(view, borrowing: self)
    }
  }

  /// The record's place in its log.
  public var offset: Offset { batch.header.offset(ofDelta: layout.offsetDelta) }

  /// When the record was made, or, in batches of ``TimestampType/appendTime``, appended.
  public var timestamp: Timestamp { batch.header.timestamp(ofDelta: layout.timestampDelta) }

  /// What the record is about, if anything.
  public var key: RawSpan? { @_lifetime(borrow self) get { view.key } }

  /// What the record says, or nil for a tombstone.
  public var value: RawSpan? { @_lifetime(borrow self) get { view.value } }

  /// What was said about the record.
  public var headers: RecordHeadersView { @_lifetime(borrow self) get { view.headers } }

  /// Whether the record has no value.
  public var isTombstone: Bool { layout.valueCount < 0 }
}

extension Record {
  /// Copies a record out of its batch.
  public init(copying record: RecordSlice) { self.init(copying: record.view) }
}
