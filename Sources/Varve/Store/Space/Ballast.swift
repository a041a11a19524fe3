internal import VarveSystem

/// A file of a store that holds nothing but room, to be given up when there is none.
struct Ballast: Sendable {
  let directory: String
  let fileSystem: any FileSystem

  private var path: String { directory + "/" + LogFileNames.ballast }

  /// How much it holds; nothing where there is none.
  var byteCount: Int { (try? fileSystem.status(at: path).byteCount) ?? 0 }

  /// Gives it another size. Where there is no room for a larger one, there is none afterwards: half a
  /// ballast is in the way of a whole one.
  func resize(to byteCount: Int) throws(SystemError) {
    guard byteCount > 0 else { return try remove() }
    let file = try OpenFile(path, .writingOrCreating, in: fileSystem)
    let present = try file.status().byteCount
    guard present < byteCount else { return try file.truncate(to: byteCount) }
    do throws(SystemError) {
      try file.allocate(present..<byteCount)
    } catch {
      try? remove()
      throw error
    }
  }

  private func remove() throws(SystemError) {
    do throws(SystemError) {
      try fileSystem.unlink(path)
    } catch {
      guard error.errno == .noSuchFile else { throw error }
    }
  }
}
