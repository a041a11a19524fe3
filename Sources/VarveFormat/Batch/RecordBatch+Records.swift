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
      private var position = 0
      private var remaining: Int

      init(batch: RecordBatch) {
        self.batch = batch
        remaining = Int(batch.header.recordCount)
      }

      /// The next record, or nil behind the last one.
      public mutating func next() -> RecordSlice? {
        guard remaining > 0 else { return nil }
        remaining &-= 1
        // `records()` has checked the layout of all of them, and nobody changes an owned batch.
        guard let layout = try? RecordLayout(of: batch.encodedRecords, at: position) else {
          remaining = 0
          return nil
        }
        position = layout.end
        return RecordSlice(of: batch, layout)
      }
    }
  }
}

extension Record {
  /// Copies a record out of its batch.
  public init(copying record: RecordSlice) { self.init(copying: record.view) }
}
