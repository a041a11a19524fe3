#if Gzip
  internal import CZlib

  /// What both directions tell zlib.
  enum Zlib {
    /// The largest window, 15 bits, and 16 for gzip's header and trailer around it.
    static let gzipWindow: Int32 = 15 + 16

    /// How much memory deflate takes for what it has seen: zlib's own default.
    static let memoryLevel: Int32 = 8

    /// Bytes that zlib reads: its declarations lack a `const`.
    static func readable(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutablePointer<UInt8>? {
      unsafe UnsafeMutablePointer(
        mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }

    /// Bytes that zlib writes.
    static func writable(_ bytes: UnsafeMutableRawBufferPointer) -> UnsafeMutablePointer<UInt8>? {
      unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    }
  }
#endif
