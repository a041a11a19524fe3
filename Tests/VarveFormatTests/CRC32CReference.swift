/// CRC-32C as the polynomial division it is, one bit at a time. It shares nothing with the code
/// that it is there to check.
enum CRC32CReference {
  static let polynomial: UInt32 = 0x82F6_3B78

  /// `value` times x: the bit of x^31, the lowest, becomes the remainder of x^32.
  static func timesX(_ value: UInt32) -> UInt32 {
    value & 1 == 0 ? value >> 1 : value >> 1 ^ polynomial
  }

  static func advance(_ register: UInt32, over byte: UInt8) -> UInt32 {
    (0..<8).reduce(register ^ UInt32(byte)) { register, _ in timesX(register) }
  }

  static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { advance($0, over: $1) }
  }

  /// The checksums of the first 0, 1, 2 and so on of the bytes.
  static func checksums(ofPrefixesOf bytes: some Sequence<UInt8>) -> [UInt32] {
    var register = ~0 as UInt32
    var checksums = [~register]
    for byte in bytes {
      register = advance(register, over: byte)
      checksums.append(~register)
    }
    return checksums
  }

  static func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
    var sum = 0 as UInt32
    var multiple = right
    for power in 0..<32 {
      if left >> UInt32(31 - power) & 1 == 1 { sum ^= multiple }
      multiple = timesX(multiple)
    }
    return sum
  }

  /// The number of times x has to be multiplied by itself to be 1 again.
  static let order = 1 << 31 - 1

  static let one = 1 << 31 as UInt32
  static let x = 1 << 30 as UInt32

  /// x^exponent, by squaring. A negative exponent is made good by whole turns.
  static func power(_ exponent: Int) -> UInt32 {
    var rest = exponent % order
    if rest < 0 { rest += order }
    var (square, result) = (x, one)
    while rest > 0 {
      if rest & 1 == 1 { result = product(result, square) }
      square = product(square, square)
      rest >>= 1
    }
    return result
  }
}

/// Numbers that look random and are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}
