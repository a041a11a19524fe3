/// One text file of the repository, as the rules see it: a path below the root, the text, and
/// the text's code, in which comments and literals are blanks, so that a rule about code is not
/// set off by prose.
struct SourceFile: Sendable {
  /// Below the root, with `/`.
  let path: String
  /// The lines as they are.
  let lines: [String]
  /// The same lines, comments and literals blanked.
  let code: [String]

  init(path: String, text: String) {
    self.path = path
    lines = Self.split(text)
    let language = Language(path: path)
    code = language == .other ? lines : Self.split(CodeMask.mask(text, as: language))
  }

  private static func split(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

extension SourceFile {
  enum Language: Sendable, Hashable {
    case swift, c, other

    init(path: String) {
      self =
        if path.hasSuffix(".swift") {
          .swift
        } else if path.hasSuffix(".c") || path.hasSuffix(".h") {
          .c
        } else {
          .other
        }
    }
  }

  var language: Language { Language(path: path) }

  var name: String { String(path.split(separator: "/").last ?? "") }

  /// The folder of `Sources` that the file is in: its module.
  var module: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }

  var isLibrarySource: Bool { path.hasPrefix("Sources/") && language != .other }
}
