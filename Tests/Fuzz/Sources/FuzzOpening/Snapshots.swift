import FuzzSupport
import KafkaReference

/// Changes to snapshots of producers, with their checksum put right.
enum Snapshots {
  private static let headerByteCount = 10

  static func setField(in bytes: inout [UInt8], _ input: inout FuzzInput) {
    guard bytes.count > headerByteCount else { return }
    let position = headerByteCount + input.choice(min(bytes.count - headerByteCount, 256))
    BigEndian.store(input.extremeInteger(Int64.self), in: &bytes, at: position, count: 8)
    let checksum = ReferenceCRC32C.checksum(of: bytes[6...])
    BigEndian.store(Int64(checksum), in: &bytes, at: 2, count: 4)
  }
}
