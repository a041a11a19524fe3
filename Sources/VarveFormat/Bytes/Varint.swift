/// Zig-zag numbers of variable length, 7 bits to the byte, least significant first.
enum Varint {
  /// The most bytes of a 32-bit number.
  static let maximumByteCount32 = 5
  /// The most bytes of a 64-bit number.
  static let maximumByteCount64 = 10

  @inline(__always)
  static func zigZag(_ value: Int64) -> UInt64 {
    UInt64(bitPattern: (value &<< 1) ^ (value &>> 63))
  }

  @inline(__always)
  static func unZigZag(_ bits: UInt64) -> Int64 {
    Int64(bitPattern: bits &>> 1) ^ (0 &- Int64(bitPattern: bits & 1))
  }

  /// How many bytes a number takes.
  ///
  /// A 32-bit number takes the same bytes whether it is written as 32 or as 64 bits, so one
  /// form serves both.
  @inline(__always)
  static func byteCount(of value: Int64) -> Int {
    // 9/64 is close enough to 1/7 for every width from 1 to 64.
    let width = 64 &- (zigZag(value) | 1).leadingZeroBitCount
    return (width &* 9 &+ 64) &>> 6
  }
}

// MARK: Reading

extension RawSpan {
  /// The 32-bit number at `position`, which moves behind it.
  ///
  /// Excess bits of a fifth byte are dropped, as Kafka's decoder drops them.
  @inline(__always)
  func varint32(at position: inout Int, limit: Int) throws(RecordFault) -> Int32 {
    let bits = try zigZagBits(
      at: &position, limit: limit, maximumByteCount: Varint.maximumByteCount32)
    return Int32(truncatingIfNeeded: Varint.unZigZag(bits & 0xffff_ffff))
  }

  /// The 64-bit number at `position`, which moves behind it.
  @inline(__always)
  func varint64(at position: inout Int, limit: Int) throws(RecordFault) -> Int64 {
    Varint.unZigZag(
      try zigZagBits(at: &position, limit: limit, maximumByteCount: Varint.maximumByteCount64))
  }

  @inline(__always)
  private func zigZagBits(
    at position: inout Int, limit: Int, maximumByteCount: Int
  ) throws(RecordFault) -> UInt64 {
    guard position < limit else { throw RecordFault(.varint, position) }
    let first = byte(at: position)
    position &+= 1
    // Nearly all of a record's numbers take one byte, and nearly all others two.
    guard first >= 0x80 else { return UInt64(first) }
    guard position < limit else { throw RecordFault(.varint, position) }
    let second = byte(at: position)
    position &+= 1
    let bits = UInt64(first & 0x7f) | UInt64(second & 0x7f) &<< 7
    guard second >= 0x80 else { return bits }
    return try longZigZagBits(
      bits, at: &position, limit: limit, remaining: maximumByteCount &- 2)
  }

  @inline(never)
  private func longZigZagBits(
    _ head: UInt64, at position: inout Int, limit: Int, remaining: Int
  ) throws(RecordFault) -> UInt64 {
    var bits = head
    for index in 0..<remaining {
      guard position < limit else { break }
      let next = byte(at: position)
      position &+= 1
      bits |= UInt64(next & 0x7f) &<< UInt64(14 &+ 7 &* index)
      if next < 0x80 { return bits }
    }
    throw RecordFault(.varint, position)
  }
}

// MARK: Writing

extension UnsafeMutableRawPointer {
  /// Writes a number and returns the place behind it. Ten bytes must be there.
  @inline(__always)
  func storeVarint(_ value: Int64) -> UnsafeMutableRawPointer {
    var bits = Varint.zigZag(value)
    var place = unsafe self
    while bits >= 0x80 {
      unsafe place.storeBytes(of: UInt8(truncatingIfNeeded: bits) | 0x80, as: UInt8.self)
      unsafe place += 1
      bits &>>= 7
    }
    unsafe place.storeBytes(of: UInt8(truncatingIfNeeded: bits), as: UInt8.self)
    return unsafe place + 1
  }
}
