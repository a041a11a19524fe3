internal import VarveSystem

/// A file that is open while it is used, and need not be in between.
final class RestingFile: Sendable {
  private let path: String
  private let fileSystem: any FileSystem
  private let open: Lock<OpenFile?>

  init(_ file: OpenFile, at path: String) {
    self.path = path
    fileSystem = file.fileSystem
    open = Lock(file)
  }

  /// The file, which is opened if it is not.
  var file: OpenFile {
    get throws(SystemError) {
      try open.withLock { open throws(SystemError) in
        if let open { return open }
        let file = try OpenFile(path, .writing, in: fileSystem)
        open = file
        return file
      }
    }
  }

  /// Closes it, once nobody uses it any more.
  func rest() { open.withLock { $0 = nil } }
}
