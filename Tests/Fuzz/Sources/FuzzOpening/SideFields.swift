import FuzzSupport
import KafkaReference

/// Changes to what a log's own file says, with its checksums put right.
enum SideFields {
  /// Two slots, a note, and entries: place and size of each, and how many there are.
  private static let parts =
    [0..<512, 4096..<4608, 8192..<8256] + (0..<8).map { 12288 + 128 * $0..<12288 + 128 * ($0 + 1) }

  static func setField(in bytes: inout [UInt8], _ input: inout FuzzInput) {
    let part = input.element(of: parts)
    guard part.upperBound <= bytes.count else { return }
    let field = part.lowerBound + 8 + 4 * input.choice((part.count - 8) / 4)
    if input.bool() {
      BigEndian.store(input.extremeInteger(Int64.self), in: &bytes, at: field, count: 8)
    } else {
      BigEndian.store(Int64(input.choice(48)), in: &bytes, at: field, count: 8)
    }
    let checksum = ReferenceCRC32C.checksum(of: bytes[part.lowerBound + 8..<part.upperBound])
    BigEndian.store(Int64(checksum), in: &bytes, at: part.lowerBound + 4, count: 4)
  }
}
