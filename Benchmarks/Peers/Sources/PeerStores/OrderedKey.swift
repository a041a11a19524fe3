/// An offset as a key: big-endian, so that stores which compare bytes keep it in order.
enum OrderedKey {
  static let byteCount = 8

  @inline(__always)
  static func with<Result>(
    _ offset: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withUnsafeBytes(of: UInt64(offset).bigEndian, body)
  }

  static func offset(of key: UnsafeRawBufferPointer) -> Int {
    Int(UInt64(bigEndian: key.loadUnaligned(as: UInt64.self)))
  }
}
