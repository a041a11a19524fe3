/// Goes through the lines of a text, by where their bytes lie.
///
/// A line ends with a line feed, a carriage return, or both, as Java's readers have it; the last one
/// need not. Behind a line's end at the very end there is no further line.
struct TextLines: ~Escapable {
  let bytes: RawSpan
  private var position = 0
  /// Lines so far.
  private(set) var count = 0

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = bytes }

  /// The next line without its end, or nil behind the last one.
  ///
  /// - Throws: ``FormatRule/lineLength`` for one that nobody writes.
  @_lifetime(self: copy self)
  mutating func next() throws(LogError) -> TextLine? {
    guard position < bytes.byteCount else { return nil }
    let start = position
    while position < bytes.byteCount, !Self.ends(bytes.byte(at: position)) { position += 1 }
    count += 1
    let end = position
    skipLineEnd()
    guard end - start <= FormatLimits.maximumLineByteCount else {
      throw .breach(.lineLength, atByte: start, "line \(count) has \(end - start) bytes")
    }
    return TextLine(bytes.slice(start, count: end - start), number: count, position: start)
  }

  @_lifetime(self: copy self)
  private mutating func skipLineEnd() {
    guard position < bytes.byteCount else { return }
    let isReturn = bytes.byte(at: position) == UInt8(ascii: "\r")
    position += 1
    if isReturn, position < bytes.byteCount, bytes.byte(at: position) == UInt8(ascii: "\n") {
      position += 1
    }
  }

  private static func ends(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}

/// One line, copied out: it is short.
struct TextLine {
  let text: String
  /// Counted from 1.
  let number: Int
  /// Where it begins.
  let position: Int

  init(_ bytes: RawSpan, number: Int, position: Int) {
    text = String(decoding: bytes)
    self.number = number
    self.position = position
  }

  /// What stands between white space; nothing stands before a line that begins with some.
  var fields: [Substring] {
    var fields = text.utf8.split(
      omittingEmptySubsequences: false, whereSeparator: Self.isSpace
    ).map(Substring.init)
    // One or more make one separator, and those at the end make none.
    let isIndented = fields.count > 1 && fields[0].isEmpty
    fields.removeAll(where: \.isEmpty)
    return isIndented ? [""] + fields : fields
  }

  /// Java's `\s`.
  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (0x09...0x0d).contains(byte)
  }

  func breach(_ rule: FormatRule) -> LogError {
    .breach(rule, atByte: position, "line \(number)")
  }
}
