import Foundation
import Testing
import VarveSystem
import VarveTesting

/// The file systems that the same tests run on.
enum Subject: String, CaseIterable, CustomTestStringConvertible {
  case disk, memory, simulated

  var testDescription: String { rawValue }

  /// A directory of its own to work in, removed with the object.
  func makePlace() throws -> Place {
    let name = "varve-conformance-" + UUID().uuidString
    return switch self {
    case .disk:
      try Place(PosixFileSystem(), FileManager.default.temporaryDirectory.path + "/" + name)
    case .memory: try Place(PosixFileSystem(), "/dev/shm/" + name)
    case .simulated: try Place(SimulatedFileSystem(), "/" + name)
    }
  }
}

/// A directory of a file system.
final class Place {
  let files: any FileSystem
  let root: String

  init(_ files: any FileSystem, _ root: String) throws {
    self.files = files
    self.root = root
    try files.makeDirectory(root)
  }

  deinit {
    if files is PosixFileSystem { try? FileManager.default.removeItem(atPath: root) }
  }

  /// The path of a name in the directory.
  func callAsFunction(_ name: String) -> String { root + "/" + name }
}
