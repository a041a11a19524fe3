import Testing

@testable import Varve
@testable import VarveCommand

/// What words mean, and how things are put into words.
@Suite struct WordTests {
  private func arguments(_ words: [String]) throws -> Arguments {
    try Arguments(words, for: TailRecords.syntax)
  }

  @Test func optionsHaveSeveralForms() throws {
    for words in [
      ["-n", "7", "log"], ["-n7", "log"], ["--count=7", "log"], ["log", "--count", "7"],
    ] {
      let parsed = try arguments(words)
      #expect(parsed.operands == ["log"] && parsed["count"] == "7" && !parsed.has("follow"))
    }
    let both = try arguments(["-fn3", "log"])
    #expect(both.has("follow") && both["count"] == "3")
    #expect(try arguments(["--", "-odd"]).operands == ["-odd"])
    #expect(throws: CommandError.self) { try arguments(["--follow=yes", "log"]) }
    #expect(throws: CommandError.self) { try arguments(["-x", "log"]) }
  }

  @Test func sizes() {
    #expect(ByteCount(parsing: "4096")?.rawValue == 4096)
    #expect(ByteCount(parsing: "10MiB")?.rawValue == 10 << 20)
    #expect(ByteCount(parsing: "2g")?.rawValue == 2 << 30)
    for text in ["", "k", "-1", "1x", "99999999999g"] { #expect(ByteCount(parsing: text) == nil) }
    #expect(ByteCount(rawValue: 1023).description == "1023 B")
    #expect(ByteCount(rawValue: 1536).description == "1.5 KiB")
    #expect(ByteCount(rawValue: 5 << 40).description == "5.0 TiB")
  }

  @Test func times() {
    #expect(Timestamp(milliseconds: 0).text == "1970-01-01T00:00:00.000Z")
    #expect(Timestamp(milliseconds: 951_782_399_999).text == "2000-02-28T23:59:59.999Z")
    #expect(Timestamp(milliseconds: 951_782_400_000).text == "2000-02-29T00:00:00.000Z")
    #expect(Timestamp(milliseconds: 4_107_542_400_000).text == "2100-03-01T00:00:00.000Z")
    #expect(Timestamp(milliseconds: -86_400_001).text == "1969-12-30T23:59:59.999Z")
    #expect(Timestamp.none.text == "-")
  }

  @Test func bytesAreShownInOneLine() {
    #expect(Array("a\tb\n\\\u{1}".utf8).shown == #"a\tb\n\\\x01"#)
    #expect([UInt8]([0xff, 0]).shown == "0xff00")
    #expect(JSON.string("\"\\\n\u{2}é").text == #""\"\\\n\u0002é""#)
    #expect(JSON.object([JSON.member("v", [0xff])]).text == #"{"vHex":"ff"}"#)
  }

  @Test func mistakesAreGuessed() {
    #expect(Nearest.to("verfy", among: ["ls", "verify"]) == "verify")
    #expect(Nearest.to("frobnicate", among: ["ls", "verify"]) == nil)
  }

  @Test func everyOptionIsCompleted() {
    for shell in Completions.allCases {
      let script = shell.script(Tool.syntaxes)
      for option in Tool.syntaxes.flatMap(\.allOptions) { #expect(script.contains(option.name)) }
    }
  }
}
