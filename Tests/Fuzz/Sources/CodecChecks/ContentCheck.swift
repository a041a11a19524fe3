import FuzzSupport
import Varve

/// Any bytes, compressed; and then streams that are nearly right.
enum ContentCheck {
  static func run(_ input: inout FuzzInput, _ compression: Compression) throws(LogError) {
    let faults = (0..<input.choice(4)).map { _ in Fault(from: &input) }
    let repeats = 1 + input.choice(8)
    let content = Array(repeatElement(input.rest(), count: repeats).joined())
    var compressor = try Compressor(compression)
    let stream = try compressor.stream(of: content)
    check(try compressor.stream(of: content) == stream, "compressed again, it differs")
    var decompressor = Decompressor(maximumByteCount: CodecFuzz.limit)
    let isSmall = content.count <= CodecFuzz.limit
    checkEqual(
      decompressor.outcome(of: stream, compression.codec), isSmall ? content : nil,
      "what came out")
    for fault in faults {
      _ = decompressor.outcome(of: fault.applied(to: stream), compression.codec)
    }
  }

  /// Something that happens to a stream on its way.
  struct Fault {
    let kind: Int
    let place: Int
    let byte: UInt8

    init(from input: inout FuzzInput) {
      kind = input.choice(4)
      place = Int(input.integer(UInt16.self))
      byte = input.integer()
    }

    func applied(to stream: [UInt8]) -> [UInt8] {
      guard !stream.isEmpty else { return [byte] }
      let place = place % stream.count
      switch kind {
      case 0: return Array(stream[..<place])
      case 1: return stream + stream[place...]
      case 2: return stream[..<place] + [byte] + stream[place...]
      default:
        var changed = stream
        changed[place] ^= byte
        return changed
      }
    }
  }
}
