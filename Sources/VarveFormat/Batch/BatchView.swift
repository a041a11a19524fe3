/// One batch, where it lies. It borrows its bytes and copies nothing.
///
/// The header is well formed. What else holds depends on how the view was made:
/// ``init(validating:as:)`` has looked at everything, ``init(unverified:at:)`` at the header alone.
public struct BatchView: ~Escapable {
  /// All bytes of the batch, and no others.
  public let bytes: RawSpan

  /// Whether the records are known to be well formed.
  var hasCheckedRecords = false

  /// Takes bytes of which the caller knows that they are one batch with a well-formed header.
  @inline(__always)
  @_lifetime(copy bytes)
  init(wellFormed bytes: RawSpan, hasCheckedRecords: Bool) {
    self.bytes = bytes
    self.hasCheckedRecords = hasCheckedRecords
  }

  /// Takes bytes of which the caller knows that they are one batch with a well-formed header.
  @inline(__always)
  @_lifetime(copy bytes)
  package init(trusted bytes: RawSpan) {
    self.init(wellFormed: bytes, hasCheckedRecords: false)
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
      wellFormed: bytes.slice(position, count: header.byteCount), hasCheckedRecords: false)
  }

  /// The one batch that these bytes are, once everything in it has been found right.
  @_lifetime(copy bytes)
  public init(
    validating bytes: RawSpan, as origin: BatchOrigin
  ) throws(LogError) {
    var decompressor = Decompressor()
    try self.init(validating: bytes, as: origin, using: &decompressor)
  }

  /// The one batch that these bytes are, once everything in it has been found right, compressed
  /// records with what looked into others before.
  @_lifetime(copy bytes)
  public init(
    validating bytes: RawSpan, as origin: BatchOrigin, using decompressor: inout Decompressor
  ) throws(LogError) {
    try self.init(unverified: bytes)
    guard self.bytes.byteCount == bytes.byteCount else {
      throw .breach(
        .batchLength, atByte: BatchHeader.Field.batchLength,
        "\(bytes.byteCount - self.bytes.byteCount) bytes follow the batch")
    }
    try validate(as: origin, using: &decompressor)
  }

  /// Whether the batch that begins here, if one does, says that it is compressed.
  package static func claimsCompression(_ bytes: RawSpan) -> Bool {
    guard bytes.byteCount >= FormatLimits.batchHeaderByteCount else { return false }
    let flags = BatchAttributes(rawValue: bytes.bigEndian(at: BatchHeader.Field.attributes))
    return flags.codecNumber != CompressionCodec.none.rawValue
  }

  /// The batch's header, read anew at each call: copy it before a loop.
  public var header: BatchHeader { BatchHeader(fields: bytes) }

  /// The records, once they have been found well formed.
  ///
  /// Compressed ones come out into memory of their own, which is allocated anew each time; a
  /// ``Decompressor`` uses it again.
  ///
  /// - Throws: ``LogError/Code/corrupt`` where they are not, ``LogError/Code/unsupported`` where
  ///   they are compressed with a codec that is not built in, and ``LogError/Code/full`` where more
  ///   comes out than ``Decompressor/defaultMaximumByteCount``.
  public var records: RecordsView {
    @_lifetime(copy self) get throws(LogError) {
      if !hasCheckedRecords { try header.check() }
      guard attributes.codecNumber == CompressionCodec.none.rawValue else {
        return RecordsView(of: self, decompressed: try decompressedRecords())
      }
      if !hasCheckedRecords { try header.check(encodedRecords, as: .log) }
      return RecordsView(of: self)
    }
  }

  /// The records as they are encoded, perhaps compressed.
  public var encodedRecords: RawSpan {
    @_lifetime(copy self) get {
      bytes.slice(
        BatchHeader.Field.records, count: bytes.byteCount &- BatchHeader.Field.records)
    }
  }
}

// MARK: Single fields, for loops that need no more

extension BatchView {
  @inline(__always)
  var attributes: BatchAttributes {
    BatchAttributes(rawValue: bytes.bigEndian(at: BatchHeader.Field.attributes))
  }

  @inline(__always)
  var baseOffset: Offset { Offset(rawValue: bytes.bigEndian(at: BatchHeader.Field.baseOffset)) }

  @inline(__always)
  var baseTimestamp: Timestamp {
    Timestamp(rawValue: bytes.bigEndian(at: BatchHeader.Field.baseTimestamp))
  }

  @inline(__always)
  var maxTimestamp: Timestamp {
    Timestamp(rawValue: bytes.bigEndian(at: BatchHeader.Field.maxTimestamp))
  }

  @inline(__always)
  var recordCount: Int {
    Int(bytes.bigEndian(at: BatchHeader.Field.recordCount, as: Int32.self))
  }
}
