/// Whatever asks the compiler to trust us says why it may, in a `// SAFETY:` comment right above.
/// Attributes and the rest of the comment may stand between.
struct SafetyComments: Rule {
  func violations(in file: SourceFile) -> [Violation] {
    guard file.language == .swift else { return [] }
    return file.violations(in: file.code, mentioning: ["@", "nonisolated"]) { index, line in
      guard
        let claim = line.firstMatch(
          of: /@(?:unchecked\s+Sendable|safe)\b|nonisolated\s*\(\s*unsafe\s*\)/)
      else { return nil }
      return isExplained(at: index, in: file) ? nil : "'\(claim.output)' without a '// SAFETY:'"
    }
  }

  private func isExplained(at index: Int, in file: SourceFile) -> Bool {
    for above in stride(from: index - 1, through: 0, by: -1) {
      let text = file.lines[above].trimmingPrefix(while: \.isWhitespace)
      let code = file.code[above].trimmingPrefix(while: \.isWhitespace)
      if text.hasPrefix("//") {
        if text.firstMatch(of: /^\/\/+\s*SAFETY:/) != nil { return true }
      } else if !code.hasPrefix("@") && !continues(code) {
        return false
      }
    }
    return false
  }

  /// A declaration wrapped before the line that makes the claim.
  private func continues(_ code: Substring) -> Bool {
    guard let last = code.last(where: { !$0.isWhitespace }) else { return false }
    return last == ":" || last == ","
  }
}
