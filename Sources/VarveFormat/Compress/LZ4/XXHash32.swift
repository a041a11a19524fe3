/// The checksum inside of LZ4 frames: xxHash, 32 bits, seed 0.
enum XXHash32 {
  private static let primes: InlineArray<5, UInt32> = [
    0x9e37_79b1, 0x85eb_ca77, 0xc2b2_ae3d, 0x27d4_eb2f, 0x1656_67b1,
  ]

  static func hash(of bytes: RawSpan) -> UInt32 {
    var position = 0
    var hash = primes[4]
    if bytes.byteCount >= 16 { hash = stripes(of: bytes, at: &position) }
    hash &+= UInt32(truncatingIfNeeded: bytes.byteCount)
    while bytes.byteCount &- position >= 4 {
      let word: UInt32 = bytes.littleEndian(at: position)
      hash = rotated(hash &+ word &* primes[2], by: 17) &* primes[3]
      position &+= 4
    }
    while position < bytes.byteCount {
      let byte = UInt32(bytes.byte(at: position))
      hash = rotated(hash &+ byte &* primes[4], by: 11) &* primes[0]
      position &+= 1
    }
    return avalanche(hash)
  }

  /// All whole stripes of 16 bytes, in four lanes.
  private static func stripes(of bytes: RawSpan, at position: inout Int) -> UInt32 {
    var lanes: InlineArray<4, UInt32> = [
      primes[0] &+ primes[1], primes[1], 0, 0 &- primes[0],
    ]
    while bytes.byteCount &- position >= 16 {
      for lane in 0..<4 {
        let word: UInt32 = bytes.littleEndian(at: position &+ 4 &* lane)
        lanes[lane] = rotated(lanes[lane] &+ word &* primes[1], by: 13) &* primes[0]
      }
      position &+= 16
    }
    return rotated(lanes[0], by: 1) &+ rotated(lanes[1], by: 7) &+ rotated(lanes[2], by: 12)
      &+ rotated(lanes[3], by: 18)
  }

  private static func avalanche(_ hash: UInt32) -> UInt32 {
    var hash = hash
    hash = (hash ^ hash &>> 15) &* primes[1]
    hash = (hash ^ hash &>> 13) &* primes[2]
    return hash ^ hash &>> 16
  }

  @inline(__always)
  private static func rotated(_ word: UInt32, by bits: UInt32) -> UInt32 {
    word &<< bits | word &>> (32 &- bits)
  }
}
