import Testing

@testable import VarveFormat

/// Compressed messages of before format 2, by the codecs of this build.
@Suite struct LegacyCodecTests {
  private static let codecs = [CompressionCodec.gzip, .snappy, .lz4].filter(\.isBuiltIn)
  private let inner = (0..<50).map {
    LegacyMessages.Message(Int64($0), at: Int64($0), value: "value \($0)")
  }

  private func message(_ codec: CompressionCodec, _ format: LegacyFormat) throws -> [UInt8] {
    let set = LegacyMessages.set(inner, format)
    var compressor = try Compressor(Compression(codec))
    var stream = [UInt8](try compressor.compress(set.span.bytes))
    // What producers of version 0 made of an LZ4 frame's checksum.
    if codec == .lz4, format == .version0 { stream[6] ^= 0xff }
    return LegacyMessages.Message(49, at: 49, holding: stream, attributes: codec.rawValue)
      .encoded(format)
  }

  private func values(_ bytes: [UInt8], limit: Int = .max) throws -> [Bytes?] {
    var walk = LegacyMessageWalk(bytes.span.bytes)
    guard let message = try walk.next() else { throw LegacyMessages.NoMessage() }
    return try LegacyMessageReader(maximumByteCount: limit).records(of: message).map(\.record.value)
  }

  private typealias Bytes = [UInt8]

  @Test(arguments: codecs, LegacyFormat.allCases)
  func whatWasCompressedIsRead(codec: CompressionCodec, format: LegacyFormat) throws {
    #expect(try values(message(codec, format)) == inner.map(\.value))
  }

  @Test(arguments: codecs, LegacyFormat.allCases)
  func thereIsALimit(codec: CompressionCodec, format: LegacyFormat) throws {
    let bytes = try message(codec, format)
    let whole = LegacyMessages.set(inner, format).count
    #expect(try values(bytes, limit: whole).count == inner.count)
    #expect(error { try values(bytes, limit: whole - 1) }?.code == .corrupt)
  }

  /// Only version 0 has frames whose checksum is wrong.
  @Test(.enabled(if: CompressionCodec.lz4.isBuiltIn))
  func aWrongHeaderIsNoFrameInVersion1() throws {
    var compressor = try Compressor(Compression(.lz4))
    let set = LegacyMessages.set(inner, .version1)
    var stream = [UInt8](try compressor.compress(set.span.bytes))
    stream[6] ^= 0xff
    let bytes = LegacyMessages.Message(49, at: 49, holding: stream, attributes: 3).encoded(
      .version1)
    #expect(error { try values(bytes) }?.code == .corrupt)
  }
}
