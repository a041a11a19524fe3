import Varve

/// A record of which all follows from who sent it, so that whoever reads it can tell whether it is
/// right.
struct SentRecord: Hashable, Sendable {
  var seed: UInt64
  var thread: Int
  var serial: Int

  init(seed: UInt64, thread: Int, serial: Int) {
    (self.seed, self.thread, self.serial) = (seed, thread, serial)
  }

  /// Whom a key names; nil if it is no key of such a record.
  init?(key: UnsafeRawBufferPointer) {
    guard let triple = Triple(key) else { return nil }
    self.init(
      seed: UInt64(bitPattern: triple.first), thread: Int(triple.second),
      serial: Int(triple.third))
  }

  var key: [UInt8] { Triple(Int64(bitPattern: seed), Int64(thread), Int64(serial)).bytes }

  var timestamp: Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + Int64(serial)) }

  /// From half of `most` bytes up to all of them, none of which can be told from another record's
  /// place.
  func value(upTo most: Int) -> [UInt8] {
    var state =
      seed &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(thread) << 48 ^ UInt64(serial)
    let least = most / 2
    let count = least + Int(Self.next(&state) % UInt64(most - least + 1))
    return [UInt8](unsafeUninitializedCapacity: count + 8) { memory, initializedCount in
      let bytes = UnsafeMutableRawBufferPointer(memory)
      for position in stride(from: 0, to: count, by: 8) {
        bytes.storeBytes(of: Self.next(&state), toByteOffset: position, as: UInt64.self)
      }
      initializedCount = count
    }
  }

  /// The next number of a sequence that a state repeats (SplitMix64).
  private static func next(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}
