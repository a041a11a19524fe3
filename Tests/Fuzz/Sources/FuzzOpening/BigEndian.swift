/// Numbers in files, the most significant byte first.
enum BigEndian {
  static func number(in bytes: [UInt8], at position: Int, count: Int) -> Int {
    bytes[position..<position + count].reduce(0) { $0 << 8 | Int($1) }
  }

  /// Writes as much of a number as the bytes have room for.
  static func store(_ number: Int64, in bytes: inout [UInt8], at position: Int, count: Int) {
    for index in 0..<count where position + index < bytes.count {
      bytes[position + index] = UInt8(truncatingIfNeeded: number >> Int64(8 * (count - 1 - index)))
    }
  }
}
