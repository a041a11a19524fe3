import Foundation

/// A directory of a test's own, which is gone with it.
final class Directory {
  let path = FileManager.default.temporaryDirectory
    .appending(path: "varve-examples-\(UUID().uuidString)").path

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
