import Foundation
import Testing
import VarveSystem

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

  /// Whether new folders are on another file system than those in memory: not where the temporary
  /// directory itself is a tmpfs.
  static let isOnADevice: Bool = {
    let kind = try? PosixFileSystem().space(at: NSTemporaryDirectory()).kind
    return kind != nil && kind != .tmpfs
  }()

  static let isInMemory: Comment = "the temporary directory is on a tmpfs: set TMPDIR"

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { path + "/" + name }
}
