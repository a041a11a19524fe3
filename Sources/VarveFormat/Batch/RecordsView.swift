/// The records of one batch, known to be well formed: where they lie, or, if they were compressed,
/// where they came out.
///
/// Swift's `for`-`in` cannot visit what must not escape, so there are two ways to go through them:
/// ``forEach(_:)``, and `while let record = iterator.next()` over ``makeIterator()``.
public struct RecordsView: ~Escapable {
  /// The records as they are encoded, not compressed.
  let encoded: RawSpan

  /// How many records there are.
  public let count: Int

  private let base: RecordBase
  /// What the records lie in, where that is memory of their own.
  private let owner: ByteStorage?

  @inline(__always)
  @_lifetime(copy batch)
  init(of batch: BatchView) {
    self.init(of: batch, encoded: batch.encodedRecords, owner: nil)
  }

  /// The records that came out of a compressed batch, into memory which they keep.
  @_lifetime(copy batch)
  init(of batch: BatchView, decompressed: DecompressedRecords) {
    // SAFETY: the owner lives as long as self and the iterators, and no record longer than these.
    let encoded = unsafe _overrideLifetime(decompressed.span, copying: batch)
    self.init(of: batch, encoded: encoded, owner: decompressed.storage)
  }

  @inline(__always)
  @_lifetime(copy encoded, copy batch)
  init(of batch: BatchView, encoded: RawSpan, owner: ByteStorage?) {
    self.encoded = encoded
    self.owner = owner
    base = RecordBase(of: batch)
    count = batch.recordCount
  }

  /// Visits the records one by one.
  @_lifetime(copy self)
  public func makeIterator() -> RecordIterator {
    RecordIterator(encoded, base, count: count, owner: owner)
  }

  /// Hands each record to `body`.
  public func forEach<E: Error>(_ body: (borrowing RecordView) throws(E) -> Void) throws(E) {
    // Without an owner: self has it, and stays.
    var iterator = RecordIterator(encoded, base, count: count, owner: nil)
    while let record = iterator.next() { try body(record) }
  }
}

/// Goes through the records of one batch: `while let record = iterator.next()`.
public struct RecordIterator: ~Escapable {
  private let encoded: RawSpan
  private let base: RecordBase
  private var position = 0
  private var remaining: Int
  private let owner: ByteStorage?

  @inline(__always)
  @_lifetime(copy encoded)
  init(_ encoded: RawSpan, _ base: RecordBase, count: Int, owner: ByteStorage?) {
    self.encoded = encoded
    self.base = base
    self.owner = owner
    remaining = count
  }

  /// The next record, which is there until the next call; nil behind the last one.
  @_lifetime(&self)
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
