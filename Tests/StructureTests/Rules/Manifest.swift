/// A package with unsafe flags cannot be depended on by version.
struct NoUnsafeFlags: Rule {
  func violations(in file: SourceFile) -> [Violation] {
    guard file.path == "Package.swift" else { return [] }
    return file.violations(in: file.code, mentioning: ["unsafeFlags"]) { _, line in
      line.contains(/\bunsafeFlags\b/)
        ? "with unsafeFlags nobody can depend on a version of this package" : nil
    }
  }
}
