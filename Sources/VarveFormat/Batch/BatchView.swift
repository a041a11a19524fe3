/// One batch, where it lies. It borrows its bytes and copies nothing.
///
/// The header is well formed. What else holds depends on how the view was made:
/// ``init(validating:as:)`` has looked at everything, ``init(unverified:at:)`` at the header alone.
public struct BatchView: ~Escapable {
  /// The batch's header.
  public let header: BatchHeader

  /// All bytes of the batch, and no others.
  public let bytes: RawSpan

  /// Whether the records are known to be well formed.
  private(set) var hasCheckedRecords = false

  @_lifetime(copy bytes)
  init(header: BatchHeader, bytes: RawSpan, hasCheckedRecords: Bool) {
    self.header = header
    self.bytes = bytes
    self.hasCheckedRecords = hasCheckedRecords
  }

  /// The batch at `position`, by its header alone: neither its checksum nor its records are
  /// looked at.
  @_lifetime(copy bytes)
  public init(unverified bytes: RawSpan, at position: Int = 0) throws(LogError) {
    let header = try BatchHeader(parsing: bytes, at: position)
    guard header.byteCount <= bytes.byteCount - position else {
      throw .breach(
        .batchIsComplete, atByte: position,
        "\(header.byteCount) bytes are promised, \(bytes.byteCount - position) are there")
    }
    self.init(
      header: header, bytes: bytes.slice(position, count: header.byteCount),
      hasCheckedRecords: false)
  }

  /// The one batch that these bytes are, once everything in it has been found right.
  @_lifetime(copy bytes)
  public init(
    validating bytes: RawSpan, as origin: BatchOrigin
  ) throws(LogError) {
    try self.init(unverified: bytes)
    guard header.byteCount == bytes.byteCount else {
      throw .breach(
        .batchLength, atByte: BatchHeader.Field.batchLength,
        "\(bytes.byteCount - header.byteCount) bytes follow the batch")
    }
    hasCheckedRecords = try validate(as: origin) == .recordsChecked
  }

  /// The records, once they have been found well formed.
  ///
  /// - Throws: ``LogError/Code/corrupt`` where they are not, and ``LogError/Code/unsupported``
  ///   where they are compressed with a codec that is not built in.
  public var records: RecordsView {
    @_lifetime(copy self) get throws(LogError) {
      if !hasCheckedRecords { try checkHeader() }
      try checkCodec()
      if !hasCheckedRecords { try checkRecords(as: .log) }
      return RecordsView(of: header, in: encodedRecords)
    }
  }

  /// The records as they are encoded, perhaps compressed.
  public var encodedRecords: RawSpan {
    @_lifetime(copy self) get {
      bytes.slice(
        BatchHeader.Field.records, count: bytes.byteCount &- BatchHeader.Field.records)
    }
  }

  func checkCodec() throws(LogError) {
    let codec = header.codec
    guard codec == .none else {
      let trait = codec.traitName ?? ""
      throw LogError(
        .unsupported,
        "the batch at offset \(header.baseOffset) is compressed with \(codec), which this version "
          + "of Varve does not read yet; its trait will be \(trait)")
    }
  }
}
