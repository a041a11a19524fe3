internal import VarveSystem

/// Puts a file in the place of another: it is written beside it, and gets its name once it is whole.
/// Until then there is the old one, and afterwards the new one; nobody sees half of either.
struct FileReplacement {
  /// Whose place the file takes.
  let path: String
  /// Where it lies until then. What was left there is overwritten.
  let beside: String
  let fileSystem: any FileSystem

  /// What is on the device before the file gets its name.
  enum Syncs {
    /// Whatever happens to be: whoever needs more sees to it.
    case nothing
    /// Its bytes, so that a power cut leaves either file, and each of them whole.
    case bytes
  }

  /// Lets `fill` write the file, and puts it in its place. Where this throws, the old one is there.
  ///
  /// The name is on the device once the directory has been synced, which is left to the caller.
  func replace(
    _ syncs: Syncs = .bytes, _ fill: (OpenFile) throws(SystemError) -> Void
  ) throws(SystemError) {
    let file = try OpenFile(beside, .writingOrCreating, in: fileSystem)
    try file.truncate(to: 0)
    try fill(file)
    if syncs == .bytes { try file.syncData() }
    try fileSystem.rename(beside, to: path)
  }
}

extension FileReplacement {
  /// Of a file in a log's directory, beside which it has a name that Kafka does not look at.
  init(of path: String, in fileSystem: any FileSystem) {
    self.init(path: path, beside: SegmentPath.beside(path), fileSystem: fileSystem)
  }
}
