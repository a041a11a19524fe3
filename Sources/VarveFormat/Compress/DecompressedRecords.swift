// SAFETY: nobody writes to the storage any more.
/// What came out of a compressed batch, in memory of its own.
struct DecompressedRecords: @unchecked Sendable {
  let storage: ByteStorage
  /// How many bytes of the storage.
  let byteCount: Int

  var span: RawSpan {
    @_lifetime(borrow self) get {
      // SAFETY: so many bytes were written, and the storage lives as long as self.
      let span = unsafe RawSpan(_unsafeStart: storage.base, byteCount: byteCount)
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
