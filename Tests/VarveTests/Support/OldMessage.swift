@testable import Varve

/// A message of before format version 2, as Kafka wrote it before 0.11.
enum OldMessage {
  static func bytes(_ offset: Offset, version: UInt8 = 1, value: String = "old") -> [UInt8] {
    var body: [UInt8] = [version, 0]
    if version == 1 { body += bigEndian(Int64(1_400_000_000_000)) }
    body += bigEndian(Int32(-1)) + bigEndian(Int32(value.utf8.count)) + Array(value.utf8)
    let head = bigEndian(offset.rawValue) + bigEndian(Int32(body.count + 4))
    return head + bigEndian(CRC32.checksum(of: body.span.bytes)) + body
  }

  static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}
