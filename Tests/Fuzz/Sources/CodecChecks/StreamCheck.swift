import FuzzSupport
import Varve

/// Any bytes as a stream.
enum StreamCheck {
  static func run(_ stream: [UInt8], _ compression: Compression) throws(LogError) {
    let codec = compression.codec
    var decompressor = Decompressor(maximumByteCount: CodecFuzz.limit)
    guard let out = decompressor.outcome(of: stream, codec) else {
      return check(decompressor.outcome(of: stream, codec) == nil, "refused, and then taken")
    }
    check(decompressor.outcome(of: stream, codec) == out, "something else came out")
    try checkLimits(of: stream, codec, out)
    // What we can read, we can write and read again.
    var compressor = try Compressor(compression)
    let again = try compressor.stream(of: out)
    check(decompressor.outcome(of: again, codec) == out, "written anew, it is not the same")
  }

  /// As much as comes out is enough room, and less is not.
  private static func checkLimits(
    of stream: [UInt8], _ codec: CompressionCodec, _ out: [UInt8]
  ) throws(LogError) {
    var enough = Decompressor(maximumByteCount: out.count)
    check(enough.outcome(of: stream, codec) == out, "\(out.count) bytes were not enough")
    guard !out.isEmpty else { return }
    var scarce = Decompressor(maximumByteCount: out.count - 1)
    check(scarce.outcome(of: stream, codec) == nil, "more came out than may")
  }
}
