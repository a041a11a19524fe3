/// Goes through the logical lines of a text of properties: without comments, without what is blank,
/// and with those put together that a backslash at the end joins.
struct PropertyLines: ~Escapable {
  private let bytes: RawSpan
  private var position = 0
  /// Where the line began that came last.
  private(set) var start = 0

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = bytes }

  /// The next line, escapes and all, or nil behind the last one. White space before it, and before
  /// what was joined to it, is left out.
  @_lifetime(self: copy self)
  mutating func next() -> [UInt8]? {
    while skip(while: { $0.isBlank || $0.endsLine }), let first = peek() {
      start = position
      if first == UInt8(ascii: "#") || first == UInt8(ascii: "!") {
        _ = skip { !$0.endsLine }
        continue
      }
      let line = logicalLine()
      if !line.isEmpty { return line }
    }
    return nil
  }

  @_lifetime(self: copy self)
  private mutating func logicalLine() -> [UInt8] {
    var line: [UInt8] = []
    var isEscaped = false
    while let byte = peek() {
      position += 1
      if !byte.endsLine {
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        line.append(byte)
      } else if isEscaped {
        line.removeLast()
        isEscaped = false
        if byte == UInt8(ascii: "\r"), peek() == UInt8(ascii: "\n") { position += 1 }
        // Joined to nothing, the next line is one of its own, and may be a comment.
        guard !line.isEmpty else { return line }
        _ = skip(while: \.isBlank)
      } else {
        return line
      }
    }
    // Java drops a backslash that nothing follows.
    if isEscaped { line.removeLast() }
    return line
  }

  private func peek() -> UInt8? {
    position < bytes.byteCount ? bytes.byte(at: position) : nil
  }

  /// Goes on to the first byte that does not belong. False if there is none.
  @_lifetime(self: copy self)
  private mutating func skip(while belongs: (UInt8) -> Bool) -> Bool {
    while let byte = peek(), belongs(byte) { position += 1 }
    return position < bytes.byteCount
  }
}

/// A logical line, parted into name and value. Both still have their escapes.
struct PropertyLine {
  let name: ArraySlice<UInt8>
  let value: ArraySlice<UInt8>

  /// The name ends at the first blank, `=` or `:` that is not escaped. Blanks around the one sign
  /// that may part them belong to neither.
  init(_ line: [UInt8]) {
    var end = line.startIndex
    var isEscaped = false
    while end < line.endIndex, isEscaped || !(line[end].isBlank || line[end].parts) {
      isEscaped = line[end] == UInt8(ascii: "\\") && !isEscaped
      end += 1
    }
    name = line[..<end]
    var rest = line[end...].drop(while: \.isBlank)
    if let sign = rest.first, sign.parts { rest = rest.dropFirst().drop(while: \.isBlank) }
    value = rest
  }
}

extension UInt8 {
  fileprivate var endsLine: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }

  fileprivate var parts: Bool { self == UInt8(ascii: "=") || self == UInt8(ascii: ":") }

  /// A space, a tab or a form feed.
  var isBlank: Bool { self == UInt8(ascii: " ") || self == 0x09 || self == 0x0c }
}
