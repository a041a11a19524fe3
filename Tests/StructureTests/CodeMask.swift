/// Turns comments and literals into blanks and leaves lines and columns where they are.
///
/// It knows Swift's nested comments, raw and multi-line strings, and keeps the code inside an
/// interpolation. It does not know regex literals: a quote in one would hide what follows on
/// its line.
struct CodeMask {
  private var bytes: [UInt8]
  private var position = 0
  private let isSwift: Bool

  static func mask(_ text: String, as language: SourceFile.Language) -> String {
    var mask = CodeMask(bytes: Array(text.utf8), isSwift: language == .swift)
    mask.code(inInterpolation: false)
    return String(decoding: mask.bytes, as: UTF8.self)
  }

  private init(bytes: [UInt8], isSwift: Bool) {
    self.bytes = bytes
    self.isSwift = isSwift
  }

  private static let newline = UInt8(ascii: "\n")
  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  private func starts(_ token: StaticString) -> Bool {
    let count = token.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    return (0..<count).allSatisfy { bytes[position + $0] == token.utf8Start[$0] }
  }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where position < bytes.count {
      if bytes[position] != Self.newline { bytes[position] = UInt8(ascii: " ") }
      position += 1
    }
  }

  private mutating func code(inInterpolation: Bool) {
    var depth = 0
    while position < bytes.count {
      if starts("//") {
        while position < bytes.count, bytes[position] != Self.newline { blank() }
      } else if starts("/*") {
        blockComment()
      } else if starts("\"") {
        string(hashes: 0)
      } else if isSwift, starts("#") {
        var hashes = 0
        while starts("#") {
          hashes += 1
          position += 1
        }
        if starts("\"") { string(hashes: hashes) }
      } else if !isSwift, starts("'") {
        characterLiteral()
      } else {
        if starts("(") {
          depth += 1
        } else if starts(")") {
          if inInterpolation, depth == 0 { return blank() }
          depth -= 1
        }
        position += 1
      }
    }
  }

  private mutating func blockComment() {
    blank(2)
    var depth = 1
    while position < bytes.count, depth > 0 {
      if starts("*/") {
        depth -= 1
        blank(2)
      } else if isSwift, starts("/*") {
        depth += 1
        blank(2)
      } else {
        blank()
      }
    }
  }

  private mutating func characterLiteral() {
    blank()
    while position < bytes.count, bytes[position] != Self.newline {
      if starts("'") { return blank() }
      blank(starts("\\") ? 2 : 1)
    }
  }

  private mutating func string(hashes: Int) {
    let isMultiline = isSwift && starts("\"\"\"")
    let quotes = isMultiline ? 3 : 1
    blank(quotes)
    while position < bytes.count {
      if closes(quotes: quotes, hashes: hashes) { return blank(quotes + hashes) }
      if escapes(hashes: hashes) {
        blank(1 + hashes)
        if isSwift, starts("(") {
          blank()
          code(inInterpolation: true)
        } else {
          blank()
        }
      } else if !isMultiline, bytes[position] == Self.newline {
        return  // not closed: the compiler's business
      } else {
        blank()
      }
    }
  }

  private func closes(quotes: Int, hashes: Int) -> Bool {
    let end = position + quotes + hashes
    guard end <= bytes.count else { return false }
    return bytes[position..<position + quotes].allSatisfy { $0 == Self.quote }
      && bytes[position + quotes..<end].allSatisfy { $0 == UInt8(ascii: "#") }
  }

  private func escapes(hashes: Int) -> Bool {
    let end = position + 1 + hashes
    guard end < bytes.count, bytes[position] == Self.backslash else { return false }
    return bytes[position + 1..<end].allSatisfy { $0 == UInt8(ascii: "#") }
  }
}
