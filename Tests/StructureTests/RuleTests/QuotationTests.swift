import Testing

@Suite struct QuotationTests {
  private func article(_ lines: String...) -> SourceFile {
    SourceFile(path: "A.md", text: lines.joined(separator: "\n"))
  }

  @Test func linesAreFoundWhereTheyAre() {
    let article = article(
      "text", "<!-- from Tests/A.swift -->", "```swift", "let a = 1", "  let b = 2", "```", "more",
      "<!-- from B.swift -->", "```swift", "c()", "```")
    let found = Quotation.all(in: article)
    #expect(
      found == [
        Quotation(path: "Tests/A.swift", lines: ["let a = 1", "let b = 2"]),
        Quotation(path: "B.swift", lines: ["c()"]),
      ])
    let file = SourceFile(path: "Tests/A.swift", text: "x\n  let a = 1\nlet b = 2\ny")
    #expect(found[0].isIn(file))
    #expect(!found[1].isIn(file))
    let apart = SourceFile(path: "Tests/A.swift", text: "let a = 1\n\nlet b = 2")
    #expect(!found[0].isIn(apart))
  }

  @Test func quotationsInListsAreIndented() {
    let article = article("1. a", "", "   <!-- from A.swift -->", "   ```swift", "   a()", "   ```")
    #expect(Quotation.all(in: article) == [Quotation(path: "A.swift", lines: ["a()"])])
  }

  @Test func codeInArticlesIsFromSomewhere() {
    func lines(_ path: String, _ lines: String...) -> [Int] {
      let file = SourceFile(path: path, text: lines.joined(separator: "\n"))
      return QuotedCode().violations(in: file).map(\.line)
    }
    let path = "Sources/A/A.docc/B.md"
    #expect(lines(path, "<!-- from C.swift -->", "```swift", "c()", "```").isEmpty)
    #expect(lines(path, "  <!-- from C.swift -->", "  ```swift", "  c()", "  ```").isEmpty)
    #expect(lines(path, "text", "```swift", "c()", "```", "```swift") == [2, 5])
    #expect(lines(path, "```swift") == [1])
    #expect(lines(path, "```", "ls", "```").isEmpty)
    #expect(lines("README.md", "```swift", "c()", "```") == [1])
    #expect(lines("Docs/B.md", "```swift", "c()", "```").isEmpty)
  }

  @Test func nothingIsNoQuotation() {
    #expect(Quotation.all(in: article("```swift", "let a = 1", "```")).isEmpty)
    #expect(!Quotation(path: "A", lines: []).isIn(SourceFile(path: "A", text: "x")))
    #expect(!Quotation(path: "A", lines: ["x", "y"]).isIn(SourceFile(path: "A", text: "x")))
  }
}
