/// A source is at most 500 lines long: more is more than one thing.
struct FileLength: Rule {
  static let limit = 500

  func violations(in file: SourceFile) -> [Violation] {
    guard file.language != .other else { return [] }
    let count = file.lines.last == "" ? file.lines.count - 1 : file.lines.count
    guard count > Self.limit else { return [] }
    return [
      Violation(
        path: file.path, line: Self.limit + 1,
        reason: "\(count) lines, and \(Self.limit) is the limit: what are the two things in it?")
    ]
  }
}
