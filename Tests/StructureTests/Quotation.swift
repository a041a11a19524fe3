/// Lines of code that an article has from a file, as the comment above them says: `<!-- from path -->`.
struct Quotation: Sendable, Hashable {
  let path: String
  /// Without the space around them.
  let lines: [String]

  private static let source = "<!-- from "
  private static let fence = "```"

  static func all(in article: SourceFile) -> [Quotation] {
    var found: [Quotation] = []
    var rest = trimmed(article.lines[...])[...]
    while let start = rest.firstIndex(where: { $0.hasPrefix(source) }) {
      let path = rest[start].dropFirst(source.count).split(separator: " ").first ?? ""
      let code = rest[start...].dropFirst(2).prefix { !$0.hasPrefix(fence) }
      found.append(Quotation(path: String(path), lines: Array(code)))
      rest = rest[code.endIndex...]
    }
    return found
  }

  /// Whether a file has these lines, one behind the other.
  func isIn(_ file: SourceFile) -> Bool {
    let all = Self.trimmed(file.lines[...])
    guard !lines.isEmpty, all.count >= lines.count else { return false }
    return all.indices.dropLast(lines.count - 1)
      .contains { all[$0..<$0 + lines.count].elementsEqual(lines) }
  }

  private static func trimmed(_ lines: ArraySlice<String>) -> [String] {
    lines.map { line in
      String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
