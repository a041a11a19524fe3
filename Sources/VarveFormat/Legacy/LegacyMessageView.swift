/// One message of before format version 2, where it lies: a record, or a compressed set of them.
///
/// All that is known is that its bytes are there: ``validate()`` looks at them, and so does
/// ``LegacyMessageReader`` before it hands out records.
public struct LegacyMessageView: ~Escapable {
  /// All bytes of the message, and no others.
  public let bytes: RawSpan

  /// Which format it has.
  public let format: LegacyFormat

  enum Field {
    static let offset = 0
    static let length = 8
    static let checksum = 12
    static let magic = 16
    static let attributes = 17
    static let timestamp = 18
  }

  private static let codecMask: UInt8 = 0x07
  private static let appendTimeFlag: UInt8 = 0x08

  /// Takes bytes of which the caller knows that they are one message of this format, by its length.
  @_lifetime(copy bytes)
  init(wellFormed bytes: RawSpan, _ format: LegacyFormat) {
    self.bytes = bytes
    self.format = format
  }
}

// MARK: Fields

extension LegacyMessageView {
  /// The record's place in its log; of a compressed set, that of its last record.
  public var offset: Offset { Offset(rawValue: bytes.bigEndian(at: Field.offset)) }

  /// How the messages within this one are compressed; nil for a number that no message may have.
  public var codec: CompressionCodec? {
    // Zstandard came with format version 2.
    CompressionCodec(rawValue: codecNumber).flatMap { $0 == .zstd ? nil : $0 }
  }

  /// Whether the message is a set of others.
  public var isCompressed: Bool { codecNumber != 0 }

  /// Whose clock the timestamp is from.
  public var timestampType: TimestampType {
    format == .version1 && attributes & Self.appendTimeFlag != 0 ? .appendTime : .createTime
  }

  /// The timestamp; of a compressed set, the greatest in it. There is none in version 0.
  public var timestamp: Timestamp {
    format == .version0
      ? .none : Timestamp(rawValue: bytes.bigEndian(at: Field.timestamp))
  }

  /// The checksum that stands in the message.
  public var checksum: UInt32 { bytes.bigEndian(at: Field.checksum) }

  private var attributes: UInt8 { bytes.byte(at: Field.attributes) }

  private var codecNumber: UInt8 { attributes & Self.codecMask }
}

// MARK: Is it right?

extension LegacyMessageView {
  /// Looks at everything but what is compressed: checksum, codec, offset, and the lengths of key and
  /// value.
  ///
  /// - Throws: ``LogError/Code/corrupt`` with the rule and the byte.
  public func validate() throws(LogError) { _ = try content() }

  /// Where key and value lie, once everything has been found right.
  func content() throws(LogError) -> LegacyContent {
    let actual = CRC32.checksum(
      of: bytes.slice(Field.magic, count: bytes.byteCount - Field.magic))
    guard actual == checksum else {
      throw .breach(
        .messageChecksum, atByte: Field.checksum,
        "the message says \(checksum), the bytes say \(actual)")
    }
    guard codec != nil else {
      throw .breach(.messageCodec, atByte: Field.attributes, "it is \(codecNumber)")
    }
    guard offset.rawValue >= 0, offset.rawValue < .max else {
      throw .breach(.baseOffset, atByte: Field.offset, "it is \(offset)")
    }
    return try LegacyContent(of: bytes, format)
  }
}

/// Where a message's key and value lie; nil for one that is null.
struct LegacyContent {
  let key: Range<Int>?
  let value: Range<Int>?

  init(of bytes: RawSpan, _ format: LegacyFormat) throws(LogError) {
    var position = format.keyPosition
    key = try Self.part(of: bytes, at: &position, .keyLength)
    value = try Self.part(of: bytes, at: &position, .valueLength)
    guard position == bytes.byteCount else {
      throw .breach(
        .recordIsFilled, atByte: position, "\(bytes.byteCount - position) bytes follow its value")
    }
  }

  /// A length and as many bytes. A negative length is that of null.
  private static func part(
    of bytes: RawSpan, at position: inout Int, _ rule: FormatRule
  ) throws(LogError) -> Range<Int>? {
    let start = position + MemoryLayout<Int32>.size
    guard start <= bytes.byteCount else { throw .breach(rule, atByte: position) }
    let length = Int(bytes.bigEndian(at: position, as: Int32.self))
    guard length <= bytes.byteCount - start else {
      throw .breach(
        rule, atByte: position, "it says \(length), \(bytes.byteCount - start) bytes are there")
    }
    position = start + max(0, length)
    return length < 0 ? nil : start..<position
  }
}
