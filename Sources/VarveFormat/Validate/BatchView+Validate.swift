extension BatchView {
  /// Looks at everything: the rules of the header, the checksum, and each record.
  ///
  /// Compressed records are looked into where a producer sent them. Those of a log were when they
  /// were appended; they are covered by the checksum, and looked into when they are read.
  ///
  /// - Throws: An error whose ``LogError/breach`` names the broken rule, the byte and the record; of
  ///   compressed records, the byte is where it would be if they were not. For a producer's batch
  ///   also ``LogError/Code/unsupported`` where its codec is not built in, and
  ///   ``LogError/Code/full`` where more comes out than may.
  @_lifetime(self: copy self)
  public mutating func validate(as origin: BatchOrigin) throws(LogError) {
    var decompressor = Decompressor()
    try validate(as: origin, using: &decompressor)
  }

  /// Looks at everything, into compressed records with what looked into others before.
  @_lifetime(self: copy self)
  public mutating func validate(
    as origin: BatchOrigin, using decompressor: inout Decompressor
  ) throws(LogError) {
    let header = header
    try check(header.checksum)
    try header.check()
    if origin == .producer { try header.checkProduced() }
    switch (header.codec, origin) {
    case (.none, _): try header.check(encodedRecords, as: origin)
    case (_, .producer): try decompressor.check(self, header, as: origin)
    case (_, .log): return
    }
    hasCheckedRecords = true
  }

  /// Looks at the rules of the header and at the checksum, as whoever takes a batch from a log
  /// does: the records were looked at before they were appended, and are covered by it.
  package func checkIntegrity() throws(LogError) { try checkIntegrity(header) }

  /// The same, where the header has been read before.
  @inline(__always)
  package func checkIntegrity(_ header: BatchHeader) throws(LogError) {
    try check(header.checksum)
    try header.check()
  }

  /// Compares the batch's bytes with the checksum in its header.
  private func check(_ checksum: UInt32) throws(LogError) {
    let start = BatchHeader.checksummedFrom
    let actual = CRC32C.checksum(of: bytes.slice(start, count: bytes.byteCount &- start))
    guard actual == checksum else {
      throw .breach(
        .checksum, atByte: BatchHeader.Field.checksum,
        "the header says \(checksum), the bytes say \(actual)")
    }
  }
}
