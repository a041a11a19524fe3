/// Writes big-endian numbers one after the other.
struct FieldWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ number: some FixedWidthInteger) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  func padded(to count: Int) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: count - bytes.count)
  }

  /// The fields behind a checksum of all that follows it, padded to a size.
  func sealed(_ magic: UInt32, byteCount: Int) -> [UInt8] {
    let body = padded(to: byteCount - 8)
    var head = FieldWriter()
    head.append(magic)
    head.append(CRC32C.checksum(of: unsafe body.span.bytes))
    return head.bytes + body
  }
}

/// A count that may be unknown: where nothing was written, it is.
enum SideField {
  static func number(of count: Int?) -> Int64 { count.map { Int64($0) + 1 } ?? 0 }

  static func count(of number: Int64) -> Int? { number > 0 ? Int(exactly: number - 1) : nil }
}

/// Reads them again. The caller has seen that there are enough.
struct FieldReader: ~Escapable {
  private let bytes: RawSpan
  private var position = 0

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = bytes }

  /// The fields behind a checksum that holds; nil where it does not.
  @_lifetime(copy bytes)
  init?(sealed bytes: RawSpan, _ magic: UInt32) {
    guard bytes.byteCount > 8, bytes.bigEndian(at: 0, as: UInt32.self) == magic else { return nil }
    let body = bytes.slice(8, count: bytes.byteCount - 8)
    guard bytes.bigEndian(at: 4, as: UInt32.self) == CRC32C.checksum(of: body) else { return nil }
    self.bytes = body
  }

  @_lifetime(self: copy self)
  mutating func next<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self) -> T {
    defer { position += MemoryLayout<T>.size }
    return bytes.bigEndian(at: position)
  }

  @_lifetime(self: copy self)
  mutating func nextOffset() -> Offset { Offset(rawValue: next()) }

  /// A position or a size; nil where it is none.
  @_lifetime(self: copy self)
  mutating func nextCount() -> Int? {
    let number = next(Int64.self)
    return number >= 0 ? Int(exactly: number) : nil
  }
}
