import CBareCodecs
import Varve

/// A codec's library, called directly on bytes and with room that are there.
final class BareCodec {
  private let codec: OpaquePointer
  private let input: UnsafeMutableRawBufferPointer
  private let output: UnsafeMutableRawBufferPointer

  /// Compresses bytes.
  static func compressing(_ content: [UInt8], _ codec: CompressionCodec) throws -> BareCodec {
    // No codec makes bytes longer by a half and a KiB.
    try BareCodec(content, codec, varve_bare_compress, room: content.count * 3 / 2 + 1024)
  }

  /// Decompresses what ``compressing(_:_:)`` makes of bytes.
  static func decompressing(_ content: [UInt8], _ codec: CompressionCodec) throws -> BareCodec {
    let compressing = try compressing(content, codec)
    let count = compressing.run()
    return try BareCodec(
      Array(compressing.output.prefix(count)), codec, varve_bare_decompress, room: content.count)
  }

  private init(
    _ bytes: [UInt8], _ codec: CompressionCodec, _ direction: varve_bare_direction, room: Int
  ) throws {
    guard let made = varve_bare_codec_make(Int32(codec.rawValue), direction) else {
      throw UnknownCodec(codec: codec)
    }
    self.codec = made
    input = .allocate(byteCount: bytes.count, alignment: 64)
    input.copyBytes(from: bytes)
    output = .allocate(byteCount: room, alignment: 64)
    guard run() > 0 else { throw UnknownCodec(codec: codec) }
  }

  deinit {
    varve_bare_codec_free(codec)
    input.deallocate()
    output.deallocate()
  }

  /// Does it once, and returns how many bytes came out.
  @discardableResult
  func run() -> Int {
    varve_bare_codec_run(codec, input.baseAddress, input.count, output.baseAddress, output.count)
  }
}

/// A library that is not there, or does not do what it should.
struct UnknownCodec: Error, CustomStringConvertible {
  let codec: CompressionCodec

  var description: String { "the bare \(codec) fails" }
}
