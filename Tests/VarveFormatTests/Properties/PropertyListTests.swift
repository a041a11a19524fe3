import Testing

@testable import VarveFormat

/// Texts of properties, and what Java's own `Properties` made of them.
@Suite struct PropertyListTests {
  /// Characters stand for bytes, as in ISO 8859-1.
  private func read(_ text: String) throws -> [String: String] {
    let bytes = text.unicodeScalars.map { UInt8($0.value) }
    let list = try PropertyList(parsing: bytes.span.bytes)
    return Dictionary(uniqueKeysWithValues: list.properties.map { ($0.name, $0.value) })
  }

  @Test(arguments: [
    ("a=b\nc : d\n e\tf\n", ["a": "b", "c": "d", "e": "f"]),
    ("# c\\\nx=1\n! y\n", ["x": "1"]),
    ("k = v\\\n   w\\\n\\\n  z\n", ["k": "vwz"]),
    ("a\\=b=c\\:d\n", ["a=b": "c:d"]),
    ("u=\\u00e9\\uD83D\\uDE00\n", ["u": "é😀"]),
    ("tab\\tkey=\\ lead\\n\n", ["tab\tkey": " lead\n"]),
    ("lonely\n", ["lonely": ""]), ("=novalue\n", ["": "novalue"]),
    ("x==y\n", ["x": "=y"]), ("x = = y\n", ["x": "= y"]), ("x:=y\n", ["x": "=y"]),
    ("end=\\", ["end": ""]), ("a\\", ["a": ""]), ("z\\\n", ["z": ""]),
    ("\\\n\nq=1\n", ["q": "1"]), ("\\\nabc", ["abc": ""]), ("   \\\n  =v\n", ["": "v"]),
    ("a=1\na=2\n", ["a": "2"]),
    ("p=\\\r\n  q\r\nr=s\r", ["p": "q", "r": "s"]),
    ("odd=\\\\\\\nnext\n", ["odd": "\\next"]),
    ("even=\\\\\nnext=1\n", ["even": "\\", "next": "1"]),
    ("k\\ k  v v \n", ["k k": "v v "]), ("b=\\\n\nc=d\n", ["b": "", "c": "d"]),
    ("  \u{c}\t k=v  \n", ["k": "v  "]), ("z=\\\n# no comment\n", ["z": "# no comment"]),
    ("lat=\u{e9}\n", ["lat": "é"]), ("a=\\q\\=\\#\n", ["a": "q=#"]),
    ("\\\n#abc\nx=1\n", ["x": "1"]), ("\\\n\\\n  !q\ny", ["y": ""]),
    ("", [:]), ("\n\r\n \t\n", [:]), ("#", [:]), ("!\\", [:]),
  ])
  func textsAreReadAsJavaReadsThem(text: String, properties: [String: String]) throws {
    #expect(try read(text) == properties)
  }

  /// Names and values that need escapes, and the line that Java writes for them.
  @Test(arguments: [
    (" a b ", #"\ a\ b\ =\ a b "#), ("é😀", #"\u00E9\uD83D\uDE00=\u00E9\uD83D\uDE00"#),
    ("\t\n\r\u{c}", #"\t\n\r\f=\t\n\r\f"#), ("~\u{7f}\u{1}", #"~\u007F\u0001=~\u007F\u0001"#),
    (#"a=b:c#d!e\f"#, ##"a\=b\:c\#d\!e\\f=a\=b\:c\#d\!e\\f"##), ("", "="),
  ])
  func escapesAreThoseOfJava(text: String, line: String) throws {
    var list = PropertyList()
    list[text] = text
    let bytes = list.encoded(comments: [])
    #expect(String(decoding: bytes, as: UTF8.self) == line + "\n")
    #expect(try PropertyList(parsing: bytes.span.bytes) == list)
  }

  @Test(arguments: [
    ("a=\\u", 0), ("a=\\u00e", 0), ("a=1\nb=\\u00g0\n", 4), ("\\u12=3\n", 0),
    ("# x\n\n c=\\u-123", 6),
  ])
  func anEscapeIsWhole(text: String, byte: Int) {
    let refusal = error { try read(text) }
    #expect(refusal?.breach == FormatBreach(.propertyEscape, atByte: byte))
    #expect(refusal?.code == .corrupt)
  }

  @Test func halfACharacterIsNone() throws {
    #expect(try read("a=\\uD83D\n") == ["a": "\u{fffd}"])
  }

  @Test func aListKeepsItsOrder() {
    var list = PropertyList()
    for name in ["c", "a", "b"] { list[name] = name }
    list["a"] = "again"
    #expect(list.properties.map(\.name) == ["c", "a", "b"])
    list["c"] = nil
    list["d"] = nil
    #expect(list["b"] == "b" && list["a"] == "again" && list["c"] == nil)
    list["c"] = "new"
    #expect(String(decoding: list.encoded(comments: []), as: UTF8.self) == "a=again\nb=b\nc=new\n")
  }

  /// A comment of several lines would become a property.
  @Test func aCommentStaysOne() throws {
    var list = PropertyList()
    list["a"] = "b"
    let bytes = list.encoded(comments: ["x\ny=z\\", ""])
    #expect(String(decoding: bytes, as: UTF8.self) == "#x\\u000Ay=z\\\n#\na=b\n")
    #expect(try PropertyList(parsing: bytes.span.bytes) == list)
  }

  // MARK: Dates

  @Test(arguments: [
    (1_795_236_644_999, "Sat Nov 21 04:50:44 UTC 2026"), (0, "Thu Jan 01 00:00:00 UTC 1970"),
    (-1, "Wed Dec 31 23:59:59 UTC 1969"), (951_782_400_000, "Tue Feb 29 00:00:00 UTC 2000"),
    (4_107_542_399_000, "Sun Feb 28 23:59:59 UTC 2100"),
    (4_107_542_400_000, "Mon Mar 01 00:00:00 UTC 2100"),
    (-2_208_988_800_000, "Mon Jan 01 00:00:00 UTC 1900"),
    (1_704_067_199_000, "Sun Dec 31 23:59:59 UTC 2023"),
  ])
  func datesAreThoseOfJava(milliseconds: Int64, text: String) {
    #expect(JavaDate(Timestamp(milliseconds: milliseconds)).description == text)
  }

  @Test(arguments: [Int64.min, .max])
  func noDateIsTooFar(milliseconds: Int64) {
    #expect(JavaDate(Timestamp(milliseconds: milliseconds)).description.contains(" UTC "))
  }
}
