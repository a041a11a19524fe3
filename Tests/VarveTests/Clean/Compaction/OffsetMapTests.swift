import Testing

@testable import Varve

/// The map of keys to their last offsets, and the hash that stands for a key.
@Suite struct OffsetMapTests {
  private static let secret: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)

  private func map(_ keyCount: Int, bytes: Int = 1 << 20) throws -> OffsetMap {
    try OffsetMap(keyCount: keyCount, byteLimit: bytes, secret: Self.secret)
  }

  /// The first vectors of the reference implementation: of 0 to 8 bytes 0, 1, 2 and so on.
  @Test(
    arguments: [
      (0, 0xe6a8_25ba_047f_81a3, 0x9302_55c7_1472_f66d),
      (1, 0x44af_996b_d8c1_87da, 0x45fc_229b_1159_7634),
    ] as [(Int, UInt64, UInt64)])
  func theHashIsSipHash(_ count: Int, _ low: UInt64, _ high: UInt64) {
    let hash = KeyHasher(secret: Self.secret).hash((0..<count).map { UInt8($0) })
    #expect(hash == KeyHash(low: low, high: high))
  }

  @Test func everyByteOfAKeyCounts() {
    let hasher = KeyHasher(secret: Self.secret)
    var seen: Set<KeyHash> = []
    for count in 0..<40 {
      let zeros = [UInt8](repeating: 0, count: count)
      seen.insert(hasher.hash(zeros))
      for index in 0..<count {
        var bytes = zeros
        bytes[index] = 1
        seen.insert(hasher.hash(bytes))
      }
    }
    #expect(seen.count == 40 + (0..<40).reduce(0, +))
    #expect(KeyHasher(secret: (1, 2)).hash([7]) != hasher.hash([7]))
  }

  @Test(arguments: [1, 10, 100, 1000, 5000])
  func whatWasSetLastIsThere(_ count: Int) throws {
    let map = try map(count)
    for round in 0..<2 {
      for number in 0..<count { #expect(map.set(number, to: Int64(number + round * count))) }
    }
    #expect(map.count == count)
    for number in 0..<count { #expect(map.offset(of: number) == Int64(number + count)) }
    #expect(map.offset(of: count) == nil)
  }

  @Test func aFullMapTakesNoNewKeysAndGoesOnWithThoseItHas() throws {
    let map = try map(1_000_000, bytes: 24 * 100)
    #expect(map.capacity == 75)
    for number in 0..<75 { #expect(map.set(number, to: Int64(number))) }
    #expect(map.set(0, to: 1000))
    #expect(map.offset(of: 0) == 1000)
    #expect(!map.set(75, to: 1001))
    #expect(map.offset(of: 75) == nil)
    #expect(map.count == 75)
  }

  /// However little memory there is, a cleaning gets on.
  @Test(arguments: [0, 1, 24, 25])
  func thereIsRoomForOne(_ bytes: Int) throws {
    let map = try map(1000, bytes: bytes)
    #expect(map.set(1, to: 0))
    #expect(!map.set(2, to: 1))
    #expect(map.offset(of: 1) == 0)
  }
}

extension KeyHasher {
  fileprivate func hash(_ bytes: [UInt8]) -> KeyHash { hash(bytes.span.bytes) }
}

extension OffsetMap {
  fileprivate func set(_ number: Int, to offset: Int64) -> Bool {
    let key = Array("key-\(number)".utf8)
    let hash = hash(key.span.bytes)
    prepare(hash)
    return set(hash, to: Offset(rawValue: offset))
  }

  fileprivate func offset(of number: Int) -> Int64? {
    let key = Array("key-\(number)".utf8)
    return offset(of: hash(key.span.bytes))?.rawValue
  }
}
