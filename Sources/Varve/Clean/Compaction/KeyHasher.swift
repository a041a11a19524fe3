/// What stands for a key where it is compared with others: 128 bits of a hash that only this cleaning
/// knows.
///
/// Of a billion keys, two have the same with a probability of one in 10²⁰; and because the hash has a
/// secret of its own, nobody can choose keys that do.
struct KeyHash: Hashable, Sendable {
  var low: UInt64
  var high: UInt64
}

/// Hashes keys, by SipHash-2-4 with 128 bits.
struct KeyHasher: Sendable {
  private let secret: (UInt64, UInt64)

  init(secret: (UInt64, UInt64)) { self.secret = secret }

  func hash(_ key: RawSpan) -> KeyHash {
    var state = SipState(secret)
    let wordsEnd = key.byteCount & ~7
    var position = 0
    while position < wordsEnd {
      state.take(UInt64(littleEndianOf: key, at: position))
      position &+= 8
    }
    var last = UInt64(truncatingIfNeeded: key.byteCount) &<< 56
    while position < key.byteCount {
      let shift = UInt64(truncatingIfNeeded: (position & 7) &* 8)
      last |= UInt64(key.byte(at: position)) &<< shift
      position &+= 1
    }
    state.take(last)
    return state.finish()
  }
}

private struct SipState {
  private var v0, v1, v2, v3: UInt64

  @inline(__always)
  init(_ secret: (UInt64, UInt64)) {
    v0 = secret.0 ^ 0x736f_6d65_7073_6575
    v1 = secret.1 ^ 0x646f_7261_6e64_6f6d ^ 0xee
    v2 = secret.0 ^ 0x6c79_6765_6e65_7261
    v3 = secret.1 ^ 0x7465_6462_7974_6573
  }

  @inline(__always)
  mutating func take(_ word: UInt64) {
    v3 ^= word
    turn()
    turn()
    v0 ^= word
  }

  @inline(__always)
  mutating func finish() -> KeyHash {
    v2 ^= 0xee
    for _ in 0..<4 { turn() }
    let low = v0 ^ v1 ^ v2 ^ v3
    v1 ^= 0xdd
    for _ in 0..<4 { turn() }
    return KeyHash(low: low, high: v0 ^ v1 ^ v2 ^ v3)
  }

  @inline(__always)
  private mutating func turn() {
    v0 &+= v1
    v1 = Self.rotate(v1, 13) ^ v0
    v0 = Self.rotate(v0, 32)
    v2 &+= v3
    v3 = Self.rotate(v3, 16) ^ v2
    v0 &+= v3
    v3 = Self.rotate(v3, 21) ^ v0
    v2 &+= v1
    v1 = Self.rotate(v1, 17) ^ v2
    v2 = Self.rotate(v2, 32)
  }

  @inline(__always)
  private static func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
    word &<< count | word &>> (64 &- count)
  }
}

extension UInt64 {
  @inline(__always)
  fileprivate init(littleEndianOf bytes: RawSpan, at position: Int) {
    self = bytes.bigEndian(at: position, as: UInt64.self).byteSwapped
  }
}
