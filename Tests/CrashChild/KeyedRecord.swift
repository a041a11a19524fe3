import Varve

/// A record of a log that is compacted. Which key it is of, and whether it deletes that, follows from who
/// sent it, and from the which it was.
struct KeyedRecord: Hashable, Sendable {
  var seed: UInt64
  var thread: Int
  var serial: Int

  /// How many keys each thread has: so few that most of what is appended is soon old.
  var keyCount: UInt64

  private var dice: UInt64 {
    var word = seed ^ UInt64(thread) << 40 ^ UInt64(serial) &* 0x9e37_79b9_7f4a_7c15
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  var key: [UInt8] { Array("\(thread)/\(dice % keyCount)".utf8) }

  var isTombstone: Bool { dice >> 32 % 5 == 0 }

  var value: [UInt8]? {
    guard !isTombstone else { return nil }
    let identity = Triple(Int64(bitPattern: seed), Int64(thread), Int64(serial)).bytes
    return identity + [UInt8](repeating: UInt8(serial & 0x7f), count: Int(dice >> 40 % 400))
  }

  var timestamp: Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + Int64(serial)) }

  var record: Record { Record(key: key, value: value, timestamp: timestamp) }
}
