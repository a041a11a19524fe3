internal import VarveSystem

/// What is left of a log that was deleted, until its files go.
struct DoomedDirectory: Hashable, Sendable {
  let name: String
  /// When they are to go, by the monotonic clock.
  var dueAt: Int64

  /// Removes the files, and then the directory. What fails is left for the next attempt.
  func remove(from store: String, in fileSystem: any FileSystem) throws(SystemError) {
    let path = store + "/" + name
    do throws(SystemError) {
      for file in try fileSystem.list(path) { try fileSystem.unlink(path + "/" + file) }
      try fileSystem.removeDirectory(path)
    } catch {
      // An operator was quicker.
      guard error.errno == .noSuchFile else { throw error }
    }
  }
}
