// The escapes of Java's properties: a backslash before a sign that would mean something else, letters
// for white space, and `\u` with four hexadecimal digits for a unit of UTF-16.

extension ArraySlice<UInt8> {
  /// The text that escapes stand for. A backslash before what needs none means nothing.
  ///
  /// - Parameter position: Where the line begins, for the error.
  func unescaped(at position: Int) throws(LogError) -> String {
    var units: [UInt16] = []
    var rest = self
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let sign = rest.popFirst() else {
        units.append(UInt16(byte))
        continue
      }
      guard sign == UInt8(ascii: "u") else {
        units.append(UInt16(Self.meaning(of: sign)))
        continue
      }
      guard let unit = rest.popUnit() else { throw .breach(.propertyEscape, atByte: position) }
      units.append(unit)
    }
    return String(decoding: units, as: UTF16.self)
  }

  private static func meaning(of sign: UInt8) -> UInt8 {
    switch sign {
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "n"): 0x0a
    case UInt8(ascii: "f"): 0x0c
    case UInt8(ascii: "r"): 0x0d
    default: sign
    }
  }

  /// Takes four hexadecimal digits; nil where they are not there.
  private mutating func popUnit() -> UInt16? {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = popFirst(), let value = Character(UnicodeScalar(digit)).hexDigitValue else {
        return nil
      }
      unit = unit << 4 | UInt16(value)
    }
    return unit
  }
}

/// What a text is a part of, and so what has to be escaped in it.
enum PropertyPart {
  /// Before the sign that parts: a blank would end it.
  case name
  /// Behind it: only blanks in front would be left out.
  case value
  /// What nobody reads.
  case comment
}

extension String {
  /// The text with escapes, all of it ASCII.
  func escaped(as part: PropertyPart) -> [UInt8] {
    var bytes: [UInt8] = []
    for unit in utf16 {
      guard let byte = UInt8(exactly: unit), (0x20...0x7e).contains(byte) else {
        bytes += Self.escape(unit, in: part)
        continue
      }
      if byte.needsBackslash(in: part, isFirst: bytes.isEmpty) { bytes.append(UInt8(ascii: "\\")) }
      bytes.append(byte)
    }
    return bytes
  }

  private static func escape(_ unit: UInt16, in part: PropertyPart) -> [UInt8] {
    switch (unit, part) {
    case (0x09, .name), (0x09, .value): Array(#"\t"#.utf8)
    case (0x0a, .name), (0x0a, .value): Array(#"\n"#.utf8)
    case (0x0c, .name), (0x0c, .value): Array(#"\f"#.utf8)
    case (0x0d, .name), (0x0d, .value): Array(#"\r"#.utf8)
    default:
      Array(#"\u"#.utf8)
        + stride(from: 12, through: 0, by: -4).map { hexDigits[Int(unit >> $0 & 0xf)] }
    }
  }

  private static let hexDigits = Array("0123456789ABCDEF".utf8)
}

extension UInt8 {
  fileprivate func needsBackslash(in part: PropertyPart, isFirst: Bool) -> Bool {
    guard part != .comment else { return false }
    switch self {
    case UInt8(ascii: "\\"), UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "#"),
      UInt8(ascii: "!"):
      return true
    case UInt8(ascii: " "): return part == .name || isFirst
    default: return false
    }
  }
}
