import Foundation

/// The stores that versions of Varve wrote, one archive each, beside what was in them.
enum GoldenArchive {
  private static let prefix = "varve-"
  private static let suffix = ".tar.gz"
  /// The file that says what is in the store.
  static let contents = "contents.txt"

  /// The versions of which there is one.
  static let versions: [String] = {
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: FixtureArchive.folder.path)) ?? []
    return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
      .map { String($0.dropFirst(prefix.count).dropLast(suffix.count)) }.sorted()
  }()

  private static func archive(_ version: String) -> URL {
    FixtureArchive.folder.appending(path: prefix + version + suffix)
  }

  /// How large the archive of a version is.
  static func byteCount(of version: String) throws -> Int {
    try archive(version).resourceValues(forKeys: [.fileSizeKey]).fileSize.required()
  }

  /// Unpacks the store of a version, calls `body` with its folder, and removes that.
  static func withStore<Result>(
    of version: String, _ body: (URL) throws -> Result
  ) throws -> Result {
    try withFolder { folder in
      try tar(["-xzf", archive(version).path, "-C", folder.path])
      return try body(folder.appending(path: prefix + version))
    }
  }

  /// Packs a store: its files by their names, and what is in it.
  static func write(_ files: [String: [UInt8]], contents lines: [String], as version: String) throws
  {
    try withFolder { folder in
      let store = folder.appending(path: prefix + version)
      for (name, bytes) in files {
        let file = store.appending(path: name)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
      }
      try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: store.appending(path: contents))
      // The same files give the same bytes.
      try tar([
        "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0",
        "--mode=u=rwX,go=rX", "--format=ustar", "-I", "gzip -n -9", "-cf", archive(version).path,
        "-C", folder.path, prefix + version,
      ])
    }
  }

  private static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "varve-golden-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  private static func tar(_ arguments: [String]) throws { try FixtureArchive.tar(arguments) }
}
