/// Every folder in Sources is a module that the rules know, and every source is in one.
struct KnownModules: Rule {
  func violations(in file: SourceFile) -> [Violation] {
    guard file.path.hasPrefix("Sources/") else { return [] }
    guard let module = file.module else {
      return [Violation(path: file.path, line: 1, reason: "a file in Sources is in no module")]
    }
    if House.isModule(module) { return [] }
    return [
      Violation(
        path: file.path, line: 1,
        reason: "the house has no module \(module): give it a place in Rules/House.swift")
    ]
  }
}
