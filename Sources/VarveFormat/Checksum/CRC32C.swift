internal import CVarveBytes

/// The checksum of a record batch: CRC-32C, by Castagnoli's polynomial.
///
/// It is computed by the fastest means the machine has. The checksum of no bytes is 0.
public enum CRC32C {
  /// The checksum of some bytes, or of a whole whose last piece they are.
  ///
  /// - Parameters:
  ///   - bytes: What to compute the checksum of.
  ///   - checksum: The checksum of all pieces before these bytes, which they continue. It is 0
  ///     if there are none.
  /// - Returns: The checksum of the earlier pieces and these bytes together.
  public static func checksum(of bytes: RawSpan, continuing checksum: UInt32 = 0) -> UInt32 {
    // SAFETY: Lifetime. The buffer doesn't leave the closure, and C only reads inside of it.
    unsafe bytes.withUnsafeBytes { unsafe self.checksum(of: $0, continuing: checksum) }
  }

  /// The checksum of memory that the caller keeps in place and unchanged for the call.
  @inline(__always)
  package static func checksum(
    of bytes: UnsafeRawBufferPointer, continuing checksum: UInt32 = 0
  ) -> UInt32 {
    // SAFETY: Bounds. C reads as many bytes as the buffer has; without any it reads no pointer.
    unsafe varve_crc32c(checksum, bytes.baseAddress, bytes.count)
  }

  /// The same for a few bytes that were stored a moment ago, in aligned words of eight: read in the
  /// same words, they need not reach the cache first.
  @inline(__always)
  package static func checksum(
    ofFresh bytes: UnsafeRawBufferPointer, continuing checksum: UInt32 = 0
  ) -> UInt32 {
    // SAFETY: Bounds. C reads as many bytes as the buffer has; without any it reads no pointer.
    unsafe varve_crc32c_fresh(checksum, bytes.baseAddress, bytes.count)
  }

  /// The checksum of two pieces in a row, without a look at either.
  ///
  /// - Parameters:
  ///   - first: The first piece's checksum.
  ///   - second: The second piece's checksum, not continuing the first one's.
  ///   - secondCount: The number of bytes in the second piece.
  /// - Returns: The checksum of the two as one.
  package static func combine(_ first: UInt32, _ second: UInt32, secondCount: Int) -> UInt32 {
    varve_crc32c_combine(first, second, UInt64(secondCount))
  }

  /// What a checksum becomes when some of the bytes it covers are replaced.
  ///
  /// - Parameters:
  ///   - checksum: The checksum from before.
  ///   - old: The bytes that were replaced.
  ///   - new: The bytes that are there now: as many.
  ///   - countAfter: The number of bytes behind them, which haven't changed.
  /// - Returns: The checksum of everything after the replacement.
  package static func patch(
    _ checksum: UInt32, replacing old: RawSpan, with new: RawSpan, countAfter: Int
  ) -> UInt32 {
    precondition(old.byteCount == new.byteCount, "bytes are replaced by as many")
    return unsafe old.withUnsafeBytes { old in
      unsafe new.withUnsafeBytes { new in
        // SAFETY: Bounds. C reads the same count from both, which was just compared. Lifetime:
        // neither buffer leaves its closure.
        unsafe varve_crc32c_patch(
          checksum, old.baseAddress, new.baseAddress, old.count, UInt64(countAfter))
      }
    }
  }
}
