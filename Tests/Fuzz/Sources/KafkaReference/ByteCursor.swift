/// Reads an array of bytes from front to back; nil where it ends too early.
struct ByteCursor {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func byte() -> UInt8? {
    guard position < bytes.count else { return nil }
    position += 1
    return bytes[position - 1]
  }

  mutating func take(_ count: Int) -> [UInt8]? {
    guard count >= 0, count <= bytes.count - position else { return nil }
    position += count
    return Array(bytes[position - count..<position])
  }

  mutating func bigEndian<T: FixedWidthInteger>(_ type: T.Type) -> T? {
    take(MemoryLayout<T>.size)?.reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
  }

  /// At most 5 bytes; what the fifth has too much of is dropped.
  mutating func varint() -> Int32? {
    guard let bits = unsigned(maximumByteCount: 5) else { return nil }
    let zigZag = UInt32(truncatingIfNeeded: bits)
    return zigZag % 2 == 0 ? Int32(zigZag / 2) : -1 - Int32(zigZag / 2)
  }

  /// At most 10 bytes; what the tenth has too much of is dropped.
  mutating func varlong() -> Int64? {
    guard let zigZag = unsigned(maximumByteCount: 10) else { return nil }
    return zigZag % 2 == 0 ? Int64(zigZag / 2) : -1 - Int64(zigZag / 2)
  }

  private mutating func unsigned(maximumByteCount: Int) -> UInt64? {
    var value: UInt64 = 0
    for index in 0..<maximumByteCount {
      guard let next = byte() else { return nil }
      value |= UInt64(next & 0x7f) << UInt64(7 * index)
      if next < 0x80 { return value }
    }
    return nil
  }

  /// A length and the bytes that it counts; any negative length stands for null.
  mutating func field() -> Field? {
    guard let count = varint() else { return nil }
    guard count >= 0 else { return .null }
    return take(Int(count)).map { .bytes($0) }
  }

  enum Field {
    case null
    case bytes([UInt8])

    var value: [UInt8]? {
      if case .bytes(let bytes) = self { bytes } else { nil }
    }
  }
}
