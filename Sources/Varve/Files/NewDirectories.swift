internal import VarveSystem

/// Makes directories, with those above them.
struct NewDirectories {
  let fileSystem: any FileSystem

  func make(_ path: String) throws(SystemError) {
    do throws(SystemError) {
      guard try fileSystem.status(at: path).kind != .directory else { return }
      throw SystemError(.open, .notDirectory)
    } catch {
      guard error.errno == .noSuchFile else { throw error }
    }
    if let parent = Self.parent(of: path), parent != "/" { try make(parent) }
    do throws(SystemError) {
      try fileSystem.makeDirectory(path)
    } catch {
      // Somebody else may have been quicker.
      guard error.errno == .exists else { throw error }
    }
  }

  /// Makes the names durable that lead to a directory, and perhaps were made with it, perhaps by an
  /// attempt that did not come this far.
  func syncNames(above path: String) throws(SystemError) {
    var path = path
    while path != "/", path != "." {
      let directory = Self.parent(of: path) ?? "."
      do throws(SystemError) {
        try fileSystem.syncDirectory(directory)
      } catch {
        // What may not be opened was not made by us.
        guard error.errno == .accessDenied else { throw error }
      }
      path = directory
    }
  }

  private static func parent(of path: String) -> String? {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
  }
}
