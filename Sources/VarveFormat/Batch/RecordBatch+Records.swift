extension RecordBatch {
  /// The records as a plain Swift sequence: `for record in try batch.records()`.
  ///
  /// Each record keeps the batch alive, or what came out of it if it was compressed, at the price
  /// of a retain; `view.records` is the form without one.
  ///
  /// - Throws: What ``BatchView/records`` does.
  public func records() throws(LogError) -> Records {
    guard header.codec != .none else {
      _ = try view.records
      return Records(batch: self, decompressed: nil)
    }
    return Records(batch: self, decompressed: try view.decompressedRecords())
  }

  /// The records of a batch, which they keep alive.
  public struct Records: Sequence, Sendable {
    let batch: RecordBatch
    let decompressed: DecompressedRecords?

    /// How many records there are.
    public var count: Int { Int(batch.header.recordCount) }

    /// Exactly how many records there are.
    public var underestimatedCount: Int { count }

    /// Visits the records.
    public func makeIterator() -> Iterator {
      if let decompressed { Iterator(batch: batch, decompressed) } else { Iterator(batch: batch) }
    }

    // SAFETY: `start` and `count` are those of the records of a batch, or of what came out of them,
    // which `owner` keeps alive and which nobody changes once they are shared.
    /// Visits the records of a batch, which they keep alive.
    @safe
    public struct Iterator: IteratorProtocol, @unchecked Sendable {
      private let owner: ByteStorage
      private let start: UnsafeRawPointer
      private let count: Int
      private let base: RecordBase
      private var position = 0
      private var remaining: Int

      init(batch: RecordBatch) {
        owner = batch.owner
        unsafe start = batch.base + BatchHeader.Field.records
        count = batch.byteCount - BatchHeader.Field.records
        base = RecordBase(of: batch.view)
        remaining = batch.view.recordCount
      }

      init(batch: RecordBatch, _ decompressed: DecompressedRecords) {
        owner = decompressed.storage
        unsafe start = decompressed.base
        count = decompressed.byteCount
        base = RecordBase(of: batch.view)
        remaining = batch.view.recordCount
      }

      /// The next record, or nil behind the last one.
      public mutating func next() -> RecordSlice? {
        guard remaining > 0 else { return nil }
        remaining &-= 1
        // SAFETY: the owner lives as long as self, and the span not beyond this call.
        let records = unsafe RawSpan(_unsafeStart: start, byteCount: count)
        // `records()` has checked the layout of all of them.
        guard let layout = try? RecordLayout(of: records, at: position) else {
          remaining = 0
          return nil
        }
        position = layout.end
        return unsafe RecordSlice(
          layout, from: start, owner: owner, offset: base.offset(of: layout),
          timestamp: base.timestamp(of: layout))
      }
    }
  }
}

extension Record {
  /// Copies a record out of its batch.
  public init(copying record: RecordSlice) { self.init(copying: record.view) }
}
