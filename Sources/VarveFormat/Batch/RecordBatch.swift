// SAFETY: `base` and `count` lie within what `owner` keeps alive, and nobody writes to bytes that
// are shared: `stamp` copies first. They stand here and not in the owner because Swift 6.3.1 cannot
// compile a span getter at -O that loads its pointer out of a class.
/// A batch that owns its bytes, exactly as they lie on disk and go over the wire.
///
/// Its bytes have been found right, or were written by ``RecordBatchBuilder``. Batches are values:
/// a copy shares the bytes until one of the two is stamped.
@safe
public struct RecordBatch: @unchecked Sendable {
  private(set) var owner: ByteStorage
  private(set) var base: UnsafeRawPointer
  private var count: Int
  private var hasCheckedRecords: Bool

  /// The batch's header.
  public private(set) var header: BatchHeader

  /// Copies a batch, once everything in it has been found right.
  public init(validating bytes: RawSpan, as origin: BatchOrigin) throws(LogError) {
    let view = try BatchView(validating: bytes, as: origin)
    let storage = ByteStorage(capacity: bytes.byteCount)
    // SAFETY: the storage is as long as the span.
    unsafe bytes.withUnsafeBytes { unsafe storage.memory.copyMemory(from: $0) }
    self.init(
      storage: storage, header: view.header, hasCheckedRecords: view.hasCheckedRecords)
  }

  /// Copies a batch, once everything in it has been found right.
  public init(validating bytes: [UInt8], as origin: BatchOrigin) throws(LogError) {
    // SAFETY: the bytes of an array of UInt8 are all initialized.
    try self.init(validating: unsafe bytes.span.bytes, as: origin)
  }

  /// Takes over memory that begins with the batch of this header.
  init(storage: ByteStorage, header: BatchHeader, hasCheckedRecords: Bool) {
    owner = storage
    unsafe base = UnsafeRawPointer(storage.base)
    count = header.byteCount
    self.header = header
    self.hasCheckedRecords = hasCheckedRecords
  }
}

extension RecordBatch {
  /// A batch in memory that it shares with others, which nobody writes to any more. Its bytes have
  /// been compared with their checksum.
  package init(sharing storage: ByteStorage, from start: Int, header: BatchHeader) {
    precondition(start >= 0 && header.byteCount <= storage.capacity - start)
    owner = storage
    // SAFETY: within the storage, by the precondition.
    unsafe base = UnsafeRawPointer(storage.base + start)
    count = header.byteCount
    self.header = header
    hasCheckedRecords = false
  }

  /// All bytes of the batch.
  public var bytes: RawSpan {
    @_lifetime(borrow self) get {
      // SAFETY: the owner lives as long as self, and the span no longer.
      let span = unsafe RawSpan(_unsafeStart: base, byteCount: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The batch without its ownership: the fast way to look inside.
  public var view: BatchView {
    @_lifetime(borrow self) get {
      let view = BatchView(wellFormed: bytes, hasCheckedRecords: hasCheckedRecords)
      return unsafe _overrideLifetime(view, borrowing: self)
    }
  }

  /// Bytes of the batch, header included.
  public var byteCount: Int { count }

  /// Writes the log's marks into the header, see ``BatchStamp``.
  public mutating func stamp(_ stamp: BatchStamp) throws(LogError) {
    try stamp.check(header)
    if !isKnownUniquelyReferenced(&owner) { makeUnique() }
    // SAFETY: uniquely referenced memory of `count` bytes, allocated as mutable.
    let memory = unsafe UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(mutating: base), count: count)
    unsafe header = stamp.apply(to: memory, header: header)
  }

  private mutating func makeUnique() {
    let storage = ByteStorage(capacity: count)
    // SAFETY: the new storage is as long as the bytes.
    unsafe storage.base.copyMemory(from: base, byteCount: count)
    owner = storage
    unsafe base = UnsafeRawPointer(storage.base)
  }
}

extension RecordBatch: Hashable {
  /// Whether two batches are the same, byte for byte.
  public static func == (left: RecordBatch, right: RecordBatch) -> Bool {
    left.header == right.header && left.bytes.elementsEqual(right.bytes)
  }

  /// Hashes what tells batches apart; the checksum stands for the records.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(header)
  }
}
