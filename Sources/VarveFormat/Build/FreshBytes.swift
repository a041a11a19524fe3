/// A few bytes on their way into a batch, gathered in registers, so that their checksum can be
/// taken there and need not wait for what was stored byte by byte.
struct FreshBytes {
  /// The first byte in the lowest bits.
  private var bits: UInt128 = 0
  private(set) var count = 0

  /// As many as fit, and more than the numbers in front of a record's key or value take: a length
  /// of 5, three of 1, and two more lengths of which one is -1.
  static let capacity = 16

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    bits |= UInt128(byte) &<< UInt128(truncatingIfNeeded: count &* 8)
    count &+= 1
  }

  @inline(__always)
  mutating func append(varint value: Int) {
    var number = Varint.zigZag(Int64(value))
    while number >= 0x80 {
      append(UInt8(truncatingIfNeeded: number) | 0x80)
      number &>>= 7
    }
    append(UInt8(truncatingIfNeeded: number))
  }

  /// The bytes as two words, in the order in which they lie.
  var words: (UInt64, UInt64) {
    (
      UInt64(truncatingIfNeeded: bits).littleEndian,
      UInt64(truncatingIfNeeded: bits &>> 64).littleEndian
    )
  }

  /// Writes the bytes to a place, and garbage behind them up to ``capacity`` where `room` allows:
  /// two stores instead of many. Whoever writes next overwrites it.
  @inline(__always)
  func store(to place: UnsafeMutableRawPointer, room: Int) {
    // SAFETY: `room` bytes are there, at least as many as were gathered.
    if room >= Self.capacity {
      unsafe place.storeBytes(of: words.0, as: UInt64.self)
      unsafe place.storeBytes(of: words.1, toByteOffset: 8, as: UInt64.self)
    } else {
      for index in 0..<count {
        let byte = UInt8(truncatingIfNeeded: bits &>> UInt128(truncatingIfNeeded: index &* 8))
        unsafe place.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
      }
    }
  }

  /// The checksum of these bytes behind others.
  @inline(__always)
  func checksum(continuing checksum: UInt32) -> UInt32 {
    // SAFETY: the buffer stays within the closure.
    unsafe withUnsafeBytes(of: words) { all in
      unsafe CRC32C.checksum(
        ofFresh: UnsafeRawBufferPointer(rebasing: all[..<count]), continuing: checksum)
    }
  }
}
