/// A snapshot of what is known of producers.
enum KafkaSnapshot {
  /// That of a log without producers.
  static let empty: [UInt8] = [0, 1, 0x48, 0x67, 0x4b, 0xc7, 0, 0, 0, 0]

  private static let headerByteCount = 10
  private static let entryByteCount = 46

  /// Whether Kafka can read it.
  static func isReadable(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= headerByteCount, bytes.bigEndian(at: 0, as: Int16.self) == 1,
      bytes.checksum(6..<bytes.count) == bytes.bigEndian(at: 2, as: UInt32.self)
    else { return false }
    let count = Int(bytes.bigEndian(at: 6, as: Int32.self))
    return count >= 0 && bytes.count >= headerByteCount + count * entryByteCount
  }
}
