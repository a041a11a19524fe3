/// What is left to do is in the list of issues, not in the library.
struct NoLooseEnds: Rule {
  func violations(in file: SourceFile) -> [Violation] {
    guard file.isLibrarySource else { return [] }
    return file.violations(in: file.lines, mentioning: ["TODO", "FIXME"]) { _, line in
      guard let mark = line.firstMatch(of: /\b(?:TODO|FIXME)\b/) else { return nil }
      return "\(mark.output): finish it, or leave it out and say so in the documentation"
    }
  }
}
