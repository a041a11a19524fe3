/// An article, or the first page, shows no Swift of which it does not say where it is compiled.
struct QuotedCode: Rule {
  func violations(in file: SourceFile) -> [Violation] {
    let isArticle = file.path.contains(".docc/") && file.path.hasSuffix(".md")
    guard isArticle || file.path == "README.md" else { return [] }
    return file.violations(in: file.lines, mentioning: ["```swift"]) { index, _ in
      let above = index > 0 ? file.lines[index - 1].drop { $0 == " " } : ""
      return above.hasPrefix("<!-- from ") ? nil : "this code is from no file that is compiled"
    }
  }
}
