import Foundation

/// A new folder that goes away with its object.
final class TemporaryDirectory: Sendable {
  let path: String

  init(in parent: String = NSTemporaryDirectory()) throws {
    let url = URL(filePath: parent).appending(path: "varve-system-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  /// A folder in memory.
  static func onTmpfs() throws -> TemporaryDirectory { try TemporaryDirectory(in: "/dev/shm") }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { path + "/" + name }
}
