/// Reads the numbers of one JSON object, and passes over all else that may stand in it.
struct JSONReader: ~Escapable {
  private let bytes: RawSpan
  private var position = 0

  /// How deep values may lie in each other.
  private static let maximumDepth = 32

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = bytes }

  /// The members whose values are integers, of an object that is all there is; nil where it is none.
  /// Of members of the same name the last one counts. Names with escapes are passed over.
  @_lifetime(self: copy self)
  mutating func integers() -> [String: Int64]? {
    var found: [String: Int64] = [:]
    guard
      list(
        "{", "}",
        { reader in
          guard let name = reader.string(), reader.take(":") else { return false }
          reader.skipBlanks()
          let start = reader.position
          guard reader.skipValue(depth: 1) else { return false }
          found[name] = Int64(reader.text(start))
          return true
        })
    else { return nil }
    skipBlanks()
    return position == bytes.byteCount ? found : nil
  }
}

// MARK: Values

extension JSONReader {
  @_lifetime(self: copy self)
  private mutating func skipValue(depth: Int) -> Bool {
    skipBlanks()
    switch peek() {
    case UInt8(ascii: "\""): return string() != nil
    case UInt8(ascii: "{"):
      return depth < Self.maximumDepth
        && list("{", "}") { reader in
          reader.string() != nil && reader.take(":") && reader.skipValue(depth: depth + 1)
        }
    case UInt8(ascii: "["):
      return depth < Self.maximumDepth
        && list("[", "]") { reader in reader.skipValue(depth: depth + 1) }
    default: return skipWord()
    }
  }

  /// What stands between two signs, with commas between.
  @_lifetime(self: copy self)
  private mutating func list(
    _ opening: Unicode.Scalar, _ closing: Unicode.Scalar,
    _ member: (inout JSONReader) -> Bool
  ) -> Bool {
    guard take(opening) else { return false }
    if take(closing) { return true }
    repeat {
      guard member(&self) else { return false }
    } while take(",")
    return take(closing)
  }

  /// A string in quotes, as it stands there; nil where there is none.
  @_lifetime(self: copy self)
  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    let start = position
    while let byte = peek(), byte >= 0x20 {
      if byte == UInt8(ascii: "\"") {
        defer { position += 1 }
        return text(start)
      }
      position += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  /// A number, `true`, `false` or `null`.
  @_lifetime(self: copy self)
  private mutating func skipWord() -> Bool {
    let start = position
    while let byte = peek(), Self.isOfWord(byte) { position += 1 }
    let word = text(start)
    return ["true", "false", "null"].contains(word) || Double(word) != nil
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}

// MARK: Bytes

extension JSONReader {
  private func peek() -> UInt8? {
    position < bytes.byteCount ? bytes.byte(at: position) : nil
  }

  private func text(_ start: Int) -> String {
    String(decoding: bytes.slice(start, count: position - start))
  }

  @_lifetime(self: copy self)
  private mutating func take(_ sign: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard let byte = peek(), byte == UInt8(ascii: sign) else { return false }
    position += 1
    return true
  }

  @_lifetime(self: copy self)
  private mutating func skipBlanks() {
    while let byte = peek(), [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
  }
}
