/// The host is not ours: an operating error is thrown, and never ends the process.
struct NoTraps: Rule {
  func violations(in file: SourceFile) -> [Violation] {
    guard file.isLibrarySource, file.language == .swift else { return [] }
    return file.violations(in: file.code, mentioning: ["try!", "as!", "fatalError"]) { _, line in
      guard let trap = line.firstMatch(of: /\btry!|\bas!|\bfatalError\s*\(/) else { return nil }
      return "'\(trap.output)' can end the host's process: throw instead"
    }
  }
}
