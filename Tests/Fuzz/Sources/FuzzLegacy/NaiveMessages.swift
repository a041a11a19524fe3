/// Old messages as they may be read the plain way.
struct NaiveMessages {
  struct Message: Equatable {
    let bytes: ArraySlice<UInt8>
    var isVersion1: Bool { bytes[bytes.startIndex + 16] == 1 }

    func number(_ start: Int, _ count: Int) -> Int64 {
      let bytes = bytes.dropFirst(start).prefix(count)
      let bits = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return Int64(bitPattern: bits << UInt64(64 - 8 * count)) >> Int64(64 - 8 * count)
    }

    /// Key and value, where a plain message has nothing wrong with it.
    var content: (key: [UInt8]?, value: [UInt8]?)? {
      let attributes = bytes[bytes.startIndex + 17]
      guard NaiveMessages.crc(bytes.dropFirst(16)) == UInt32(truncatingIfNeeded: number(12, 4)),
        attributes & 7 <= 3, (0..<Int64.max).contains(number(0, 8))
      else { return nil }
      var rest = bytes.dropFirst(isVersion1 ? 26 : 18)
      guard let key = Self.part(&rest), let value = Self.part(&rest), rest.isEmpty else {
        return nil
      }
      return (key.bytes, value.bytes)
    }

    private static func part(_ rest: inout ArraySlice<UInt8>) -> (bytes: [UInt8]?, Void)? {
      guard rest.count >= 4 else { return nil }
      let bits = rest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      let length = Int(Int32(bitPattern: bits))
      rest = rest.dropFirst(4)
      guard length >= 0 else { return (nil, ()) }
      guard length <= rest.count else { return nil }
      defer { rest = rest.dropFirst(length) }
      return (Array(rest.prefix(length)), ())
    }
  }

  private(set) var messages: [Message] = []
  private(set) var endsInError = false
  private(set) var endsAtBatch = false
  private(set) var end: Int

  init(_ bytes: [UInt8], from start: Int) {
    end = start
    guard start >= 0 else { return }
    while end <= bytes.count, bytes.count - end >= 18 {
      let length = bytes[end + 8..<end + 12].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      let count = Int(Int32(bitPattern: length))
      let magic = bytes[end + 16]
      endsAtBatch = magic == 2
      endsInError = count < 14 || magic > 2 || magic == 1 && count < 22
      if endsInError || endsAtBatch || bytes.count - end - 12 < count { return }
      messages.append(Message(bytes: bytes[end..<end + 12 + count]))
      end += 12 + count
    }
    endsAtBatch = false
  }

  /// Bit by bit, with zlib's polynomial.
  static func crc(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { state, byte in
      (0..<8).reduce(state ^ UInt32(byte)) { state, _ in
        state >> 1 ^ (state & 1 == 0 ? 0 : 0xedb8_8320)
      }
    }
  }
}
