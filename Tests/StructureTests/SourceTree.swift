import Foundation

/// The repository's text files, read once. Found from this file's own place, so that the tests
/// run in any checkout.
struct SourceTree: Sendable {
  static let repository = SourceTree(root: Self.rootFolder)

  let files: [SourceFile]

  private static var rootFolder: URL {
    URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  }

  /// What tools put into the checkout: none of it is tracked.
  private static let skippedFolders: Set<String> = [".build", ".git", ".swiftpm", "unpacked"]

  /// Above this a file is a fixture and no text that somebody wrote.
  private static let sizeLimit = 1 << 20

  private init(root: URL) {
    var files: [SourceFile] = []
    var folders = [""]
    while let folder = folders.popLast() {
      let names =
        (try? FileManager.default.contentsOfDirectory(atPath: root.path + "/" + folder)) ?? []
      for name in names.sorted() where !Self.skippedFolders.contains(name) {
        let path = folder + name
        let url = root.appending(path: path)
        let values = try? url.resourceValues(
          forKeys: [.isDirectoryKey, .isRegularFileKey, .fileSizeKey])
        if values?.isDirectory == true {
          folders.append(path + "/")
        } else if values?.isRegularFile == true, values?.fileSize ?? .max < Self.sizeLimit,
          let data = try? Data(contentsOf: url), !data.contains(0),
          let text = String(validating: data, as: UTF8.self)
        {
          files.append(SourceFile(path: path, text: text))
        }
      }
    }
    self.files = files
  }

  func violations(of rule: some Rule) -> [Violation] {
    files.flatMap { rule.violations(in: $0) }.sorted { ($0.path, $0.line) < ($1.path, $1.line) }
  }
}
