import Foundation

/// A directory beside the tests' own program: on a disk, where stores belong.
enum TemporaryDirectory {
  static func with<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = Program.directory.appending(path: "peer-store-\(UUID())").path
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }
}

/// The program that the tests run as a process: it is built next to them.
enum Program {
  static var directory: URL {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
  }

  static var path: String { directory.appending(path: "varve-bench-peers").path }
}
