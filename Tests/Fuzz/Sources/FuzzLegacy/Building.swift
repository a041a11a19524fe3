import FuzzSupport

/// Messages that are well formed, and then damaged, perhaps, in a byte or two.
enum Building {
  static func messages(_ input: inout FuzzInput) -> [UInt8] {
    let damage = (0..<input.choice(3)).map { _ in
      (place: Int(input.integer(UInt16.self)), byte: input.integer(UInt8.self))
    }
    var bytes: [UInt8] = []
    while input.remainingCount > 0 { bytes += message(&input) }
    guard !bytes.isEmpty else { return bytes }
    for (place, byte) in damage { bytes[place % bytes.count] = byte }
    return bytes
  }

  private static func message(_ input: inout FuzzInput) -> [UInt8] {
    let magic =
      input.integer(UInt8.self) % 16 == 0 ? input.integer(UInt8.self) : input.integer() & 1
    var body: [UInt8] = [magic, input.choice(4) == 0 ? input.integer(UInt8.self) : 0]
    if magic == 1 { body += bigEndian(input.extremeInteger(Int64.self)) }
    for _ in 0..<2 {
      let part = input.bytes(input.choice(32))
      let length = input.choice(8) == 0 ? input.extremeInteger(Int32.self) : Int32(part.count)
      body += bigEndian(length) + (length < 0 ? [] : part)
    }
    let offset = input.extremeInteger(Int64.self)
    return bigEndian(offset) + bigEndian(Int32(body.count + 4)) + bigEndian(NaiveMessages.crc(body))
      + body
  }

  private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}
