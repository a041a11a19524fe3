import Testing

@Suite struct CodeMaskTests {
  private func masked(_ text: String, as language: SourceFile.Language = .swift) -> String {
    CodeMask.mask(text, as: language)
  }

  @Test func commentsAreBlank() {
    #expect(masked("a // b\nc") == "a     \nc")
    #expect(masked("a /* b /* c */ d */ e") == "a" + String(repeating: " ", count: 19) + "e")
    #expect(masked("a /* b /* c */ d", as: .c).hasSuffix(" d"))
  }

  @Test func stringsAreBlankAndKeepTheirLines() {
    #expect(masked(#"f("a\"b") + g"#) == #"f("# + "      " + ") + g")
    #expect(
      masked("x = \"\"\"\n  as! \"quoted\"\n  \"\"\"\ny") == "x =    \n              \n     \ny")
    #expect(masked(##"let a = #"as! "x""# + b"##).contains("as!") == false)
    #expect(masked(##"let a = #"as! "x""# + b"##).hasSuffix(" + b"))
    #expect(masked("\"never closed\nnext") == "             \nnext")
  }

  @Test func codeInAnInterpolationStays() {
    let text = #"print("a \(f("b)") as! T) c") + d"#
    #expect(masked(text).contains("f("))
    #expect(masked(text).contains("as! T"))
    #expect(!masked(text).contains("b"))
    #expect(masked(text).hasSuffix(") + d"))
    #expect(masked(##"#"\(as!) \#(try!)"#"##).contains("try!"))
    #expect(!masked(##"#"\(as!) \#(try!)"#"##).contains("as!"))
  }

  @Test func charactersOfCAreBlank() {
    #expect(masked("a = '\"'; b = '\\''; c", as: .c) == "a =    ; b =     ; c")
  }
}
