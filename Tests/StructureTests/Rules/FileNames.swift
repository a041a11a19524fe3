/// Names come from the domain. A file called a manager, a helper, a utility or an implementation
/// has not found its name yet.
struct FileNames: Rule {
  func violations(in file: SourceFile) -> [Violation] {
    guard file.language != .other else { return [] }
    return file.path.split(separator: "/").compactMap { part in
      // `Impl` but not `Implicit`, `Util` but not `Utilization`.
      guard let word = part.firstMatch(of: /(?:Manager|Helper|Util(?:ity|itie)?|Impl)s?(?![a-z])/)
      else { return nil }
      return Violation(
        path: file.path, line: 1,
        reason: "'\(word.output)' says nothing about what is in \(part)")
    }
  }
}
