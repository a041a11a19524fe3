/// The records of one batch, where they lie, known to be well formed.
///
/// Swift's `for`-`in` cannot visit what must not escape, so there are two ways to go through them:
/// ``forEach(_:)``, and `while let record = iterator.next()` over ``makeIterator()``.
public struct RecordsView: ~Escapable {
  private let batch: BatchView

  /// How many records there are.
  public let count: Int

  @inline(__always)
  @_lifetime(copy batch)
  init(of batch: BatchView) {
    self.batch = batch
    count = batch.recordCount
  }

  /// Visits the records one by one.
  @_lifetime(copy self)
  public func makeIterator() -> RecordIterator { RecordIterator(of: batch, count: count) }

  /// Hands each record to `body`.
  public func forEach<E: Error>(_ body: (borrowing RecordView) throws(E) -> Void) throws(E) {
    var iterator = makeIterator()
    while let record = iterator.next() { try body(record) }
  }
}

/// Goes through the records of one batch: `while let record = iterator.next()`.
public struct RecordIterator: ~Escapable {
  private let encoded: RawSpan
  private let base: RecordBase
  private var position = 0
  private var remaining: Int

  @_lifetime(copy batch)
  init(of batch: BatchView, count: Int) {
    encoded = batch.encodedRecords
    base = RecordBase(of: batch)
    remaining = count
  }

  /// The next record, or nil behind the last one.
  @_lifetime(copy self)
  public mutating func next() -> RecordView? {
    guard remaining > 0 else { return nil }
    // The records were checked when the view was made. Were the bytes changed since, by another
    // process say, then they end here, and nothing outside them is touched.
    guard let layout = try? RecordLayout(of: encoded, at: position) else {
      remaining = 0
      return nil
    }
    position = layout.end
    remaining &-= 1
    return RecordView(
      layout, in: encoded, offset: base.offset(of: layout), timestamp: base.timestamp(of: layout))
  }
}
