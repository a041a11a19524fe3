/// An import in Swift, in any of its forms: with attributes, an access level, or for one
/// declaration (`import struct M.T`).
struct ImportStatement: Hashable {
  let module: String
  let line: Int

  static func all(in file: SourceFile) -> [ImportStatement] {
    guard file.language == .swift else { return [] }
    return file.code.enumerated().flatMap { index, line -> [ImportStatement] in
      guard line.contains("import") else { return [] }
      return line.matches(of: statement).map {
        ImportStatement(module: String($0.output.1), line: index + 1)
      }
    }
  }

  /// `import` is a keyword only at the start of a statement: not `.import`, not `import:`.
  private static var statement: Regex<(Substring, Substring)> {
    #/
    (?: ^ | [^.`\w] ) import \s+
    (?: (?: struct | class | enum | protocol | func | var | let | typealias ) \s+ )?
    `? (\w+)
    /#
  }
}

/// Imports point down, and only to modules that the house knows.
struct ImportDirection: Rule {
  func violations(in file: SourceFile) -> [Violation] {
    guard let module = file.module, let allowed = House.imports[module] else { return [] }
    return ImportStatement.all(in: file).compactMap { statement in
      let name = statement.module
      if allowed.contains(name) || House.isToolchainModule(name) { return nil }
      let reason =
        House.isModule(name)
        ? "\(module) may not import \(name): imports point down only"
        : "\(module) imports \(name), which is not a module the house knows"
      return Violation(path: file.path, line: statement.line, reason: reason)
    }
  }
}

/// No library module brings Foundation, or libc other than through CVarveSystem, into its host.
struct NoFoundation: Rule {
  static let refused = ["Foundation", "Dispatch", "Glibc", "Musl", "Darwin", "Android"]

  func violations(in file: SourceFile) -> [Violation] {
    guard file.isLibrarySource else { return [] }
    return ImportStatement.all(in: file).compactMap { statement in
      guard Self.refused.contains(where: statement.module.hasPrefix) else { return nil }
      return Violation(
        path: file.path, line: statement.line,
        reason: "\(statement.module) in the library: system calls go through CVarveSystem")
    }
  }
}
