/// Flags that SwiftPM does not vet would reach the build of every host. It refused such packages
/// as dependencies up to tools version 6.1 and lets them pass now, so the rule is ours.
struct NoUnsafeFlags: Rule {
  func violations(in file: SourceFile) -> [Violation] {
    guard file.path == "Package.swift" else { return [] }
    return file.violations(in: file.code, mentioning: ["unsafeFlags"]) { _, line in
      line.contains(/\bunsafeFlags\b/)
        ? "unsafeFlags would reach the build of every package that depends on this one" : nil
    }
  }
}
