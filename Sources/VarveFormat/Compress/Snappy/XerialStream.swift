/// The framing that Kafka puts snappy's blocks into, which is not snappy's own: a header, and then
/// blocks behind their lengths.
enum XerialStream {
  /// The header: a magic number, and twice the version 1.
  static let header: [UInt8] = [
    0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1,
  ]

  /// Where the version stands in the header, behind the magic number.
  static let versionPosition = 8

  /// Bytes of what is compressed into one block.
  static let blockByteCount = 32 << 10

  /// Bytes of a block's length, which stands before it.
  static let lengthByteCount = 4

  /// The beginning of the magic number, in the place of a length: another stream begins.
  static let headerAsLength = Int32(bitPattern: 0x8253_4e41)

  /// Whether a header stands in front. Without one, all is a single block.
  static func begins(_ bytes: RawSpan) -> Bool {
    guard bytes.byteCount >= header.count else { return false }
    return (0..<versionPosition).allSatisfy { bytes.byte(at: $0) == header[$0] }
  }
}
