/// What a rule found: where, and why it matters.
struct Violation: Sendable, Hashable, CustomStringConvertible {
  let path: String
  let line: Int
  let reason: String

  var description: String { "\(path):\(line): \(reason)" }
}

/// A rule of the house: a pure function of one file.
protocol Rule: Sendable {
  func violations(in file: SourceFile) -> [Violation]
}

extension SourceFile {
  /// One violation for each line that mentions one of `words` and that `reason` has something to
  /// say about. The words only save time: a regex costs 50 times as much as looking for a word.
  func violations(
    in lines: [String], mentioning words: [String],
    reason: (_ index: Int, _ line: String) -> String?
  ) -> [Violation] {
    lines.enumerated().compactMap { index, line in
      guard words.contains(where: { line.contains($0) }) else { return nil }
      return reason(index, line).map { Violation(path: path, line: index + 1, reason: $0) }
    }
  }
}
