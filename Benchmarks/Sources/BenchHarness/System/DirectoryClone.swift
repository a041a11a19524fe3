internal import Glibc

/// A directory that has the files of another one, most of them as links: for what replaces files and
/// does not write to them, so that it can be done again.
public enum DirectoryClone {
  /// Makes it.
  ///
  /// - Parameter isWrittenTo: Of a name, whether the file is changed where it is. Those are copied.
  public static func make(
    of original: String, at path: String, copying isWrittenTo: (String) -> Bool
  ) throws {
    guard mkdir(path, 0o755) == 0 else { throw SystemError("can't make \(path)") }
    for name in try DirectoryImage.sizes(in: original).keys {
      let (from, to) = ("\(original)/\(name)", "\(path)/\(name)")
      if isWrittenTo(name) {
        try copy(from, to: to)
      } else {
        guard link(from, to) == 0 else { throw SystemError("can't link \(to)") }
      }
    }
  }

  /// Copies a file.
  public static func copy(_ from: String, to path: String) throws {
    guard let bytes = TextFile.bytes(of: from) else { throw SystemError("can't read \(from)") }
    try TextFile.write(bytes, to: path)
  }

  /// Removes it; the other one keeps its files.
  public static func remove(_ path: String) throws { try WorkDirectory.remove(path) }
}
