// SAFETY: so many bytes were written at `base`, which `storage` keeps, and nobody writes there any
// more. The pointer stands here and not in the storage alone for the same reason as a batch's.
/// What came out of a compressed batch, in memory of its own.
@safe
struct DecompressedRecords: @unchecked Sendable {
  let storage: ByteStorage
  let base: UnsafeRawPointer
  let byteCount: Int

  init(_ storage: ByteStorage, byteCount: Int) {
    self.storage = storage
    unsafe base = UnsafeRawPointer(storage.base)
    self.byteCount = byteCount
  }

  var span: RawSpan {
    @_lifetime(borrow self) get {
      let span = unsafe RawSpan(_unsafeStart: base, byteCount: byteCount)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }
}

extension BatchView {
  /// The records of a compressed batch, once they have been found well formed.
  func decompressedRecords() throws(LogError) -> DecompressedRecords {
    var decompressor = Decompressor()
    _ = try decompressor.records(of: self)
    return decompressor.takeRecords()
  }
}
