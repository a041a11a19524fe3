@testable import VarveFormat

/// Messages of before format version 2, as their producers wrote them.
enum LegacyMessages {
  struct Message {
    var offset: Int64
    var timestamp: Int64 = -1
    var key: [UInt8]?
    var value: [UInt8]?
    var attributes: UInt8 = 0

    init(
      _ offset: Int64, at timestamp: Int64 = -1, key: String? = nil, value: String? = "v",
      attributes: UInt8 = 0
    ) {
      self.offset = offset
      self.timestamp = timestamp
      self.key = key.map { Array($0.utf8) }
      self.value = value.map { Array($0.utf8) }
      self.attributes = attributes
    }

    /// A message with others in it, as if compressed.
    init(_ offset: Int64, at timestamp: Int64 = -1, holding set: [UInt8]?, attributes: UInt8 = 1) {
      self.init(offset, at: timestamp, attributes: attributes)
      value = set
    }

    func encoded(_ format: LegacyFormat) -> [UInt8] {
      var body: [UInt8] = [UInt8(format.rawValue), attributes]
      if format == .version1 { body += bigEndian(timestamp) }
      for part in [key, value] { body += bigEndian(Int32(part?.count ?? -1)) + (part ?? []) }
      return LegacyMessages.framed(body, offset: offset)
    }
  }

  /// A body behind its offset, length and checksum.
  static func framed(_ body: [UInt8], offset: Int64) -> [UInt8] {
    bigEndian(offset) + bigEndian(Int32(body.count + 4)) + bigEndian(checksum(body)) + body
  }

  private static func checksum(_ body: [UInt8]) -> UInt32 { CRC32.checksum(of: body.span.bytes) }

  struct NoMessage: Error {}

  static func set(_ messages: [Message], _ format: LegacyFormat) -> [UInt8] {
    messages.flatMap { $0.encoded(format) }
  }
}

/// Compresses nothing: what it is given is what it returns, and it refuses what it does not
/// expect to be asked.
struct PlainDecompressor: MessageDecompressor {
  var expectedCodec: CompressionCodec?
  var expectsIgnoredChecksum: Bool?

  func decompress(
    _ bytes: RawSpan, _ codec: CompressionCodec, ignoresHeaderChecksum: Bool, limit: Int
  ) throws(LogError) -> [UInt8] {
    guard codec == expectedCodec ?? codec,
      ignoresHeaderChecksum == expectsIgnoredChecksum ?? ignoresHeaderChecksum
    else { throw LogError(.invalidArgument, "\(codec), \(ignoresHeaderChecksum)") }
    guard bytes.byteCount <= limit else { throw LogError(.corrupt, "more than \(limit)") }
    return Array(bytes)
  }
}

/// Knows some streams and what they were.
struct KnownStreams: MessageDecompressor {
  let known: [[UInt8]: [UInt8]]

  func decompress(
    _ bytes: RawSpan, _ codec: CompressionCodec, ignoresHeaderChecksum: Bool, limit: Int
  ) throws(LogError) -> [UInt8] {
    guard let found = known[Array(bytes)] else { throw LogError(.corrupt, "an unknown stream") }
    return found
  }
}
