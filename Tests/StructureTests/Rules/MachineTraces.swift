/// Nothing in the repository names a place on somebody's machine, or the host of a package
/// registry. The patterns are put together here so that this file does not break its own rule.
struct MachineTraces: Rule {
  static let folders = ["work", "root", "home"].map { "/" + $0 + "/" }

  static let hosts = [
    ["pypi", "org"], ["pythonhosted", "org"], ["npmjs", "org"], ["npmjs", "com"],
    ["crates", "io"], ["rubygems", "org"], ["nuget", "org"], ["packagist", "org"],
    ["maven", "org"], ["repo", "maven", "apache", "org"], ["proxy", "golang", "org"],
    ["anaconda", "org"], ["docker", "io"], ["quay", "io"], ["ghcr", "io"],
    ["deb", "debian", "org"], ["security", "debian", "org"], ["snapshot", "debian", "org"],
    ["archive", "ubuntu", "com"], ["ports", "ubuntu", "com"],
  ].map { $0.joined(separator: ".") }

  func violations(in file: SourceFile) -> [Violation] {
    file.violations(in: file.lines, mentioning: Self.folders + Self.hosts) { _, line in
      if let folder = Self.folders.first(where: { line.names($0) }) {
        return "'\(folder)…' is a place on one machine"
      }
      if let host = Self.hosts.first(where: { line.contains($0) }) {
        return "'\(host)' is the host of a package registry"
      }
      return nil
    }
  }
}

extension String {
  /// Whether an absolute path that begins with `folder` occurs: in `Docs/work/` it does not.
  fileprivate func names(_ folder: String) -> Bool {
    ranges(of: folder).contains { range in
      guard range.lowerBound > startIndex else { return true }
      let before = self[index(before: range.lowerBound)]
      return !(before.isLetter || before.isNumber || "_-.~})*".contains(before))
    }
  }
}
