/// Takes numbers, bytes and choices out of an input, from its front. Behind its end there are
/// zeros, so every input says something.
public struct FuzzInput {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// How many bytes are left.
  public var remainingCount: Int { bytes.count - position }

  /// An integer, least significant byte first.
  public mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T {
    var value: T = 0
    for index in 0..<min(MemoryLayout<T>.size, remainingCount) {
      value |= T(truncatingIfNeeded: bytes[position + index]) << T(truncatingIfNeeded: 8 * index)
    }
    position += min(MemoryLayout<T>.size, remainingCount)
    return value
  }

  /// An integer that is often small or extreme, as those are that break things.
  public mutating func extremeInteger<T: FixedWidthInteger & SignedInteger>(
    _ type: T.Type = T.self
  ) -> T {
    let kind = integer(UInt8.self)
    switch kind % 8 {
    case 0: return integer()
    case 1: return .max &- T(truncatingIfNeeded: kind / 8)
    case 2: return .min &+ T(truncatingIfNeeded: kind / 8)
    case 3: return T(truncatingIfNeeded: -1 &- Int(kind / 8))
    case 4: return T(truncatingIfNeeded: integer(Int32.self))
    case 5: return T(truncatingIfNeeded: Int(Int32.max) - 16 + Int(kind / 8))
    case 6: return T(truncatingIfNeeded: integer(UInt8.self))
    default: return T(truncatingIfNeeded: kind / 8)
    }
  }

  /// One bit.
  public mutating func bool() -> Bool { integer(UInt8.self) & 1 != 0 }

  /// A number below `count`, which is 256 at the most.
  public mutating func choice(_ count: Int) -> Int { Int(integer(UInt8.self)) % count }

  /// One of some values.
  public mutating func element<T>(of values: [T]) -> T { values[choice(values.count)] }

  /// Bytes, as many as are asked for and there.
  public mutating func bytes(_ count: Int) -> [UInt8] {
    let end = position + min(count, remainingCount)
    defer { position = end }
    return Array(bytes[position..<end])
  }

  /// Up to 255 bytes, perhaps none.
  public mutating func someBytes() -> [UInt8] { bytes(choice(256)) }

  /// All bytes that are left.
  public mutating func rest() -> [UInt8] { bytes(remainingCount) }
}
