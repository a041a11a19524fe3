internal import CVarveBytes

/// The checksum of a message of before format version 2: CRC-32, by zlib's polynomial.
package enum CRC32 {
  /// The checksum of some bytes, behind others whose checksum is known.
  package static func checksum(of bytes: RawSpan, continuing sum: UInt32 = 0) -> UInt32 {
    // SAFETY: Lifetime. The buffer doesn't leave the closure, and C reads as many bytes as it has.
    unsafe bytes.withUnsafeBytes { unsafe varve_crc32(sum, $0.baseAddress, $0.count) }
  }
}
