internal import Glibc

/// Whole files of text, by name.
enum TextFile {
  /// The file's text, or nil if it can't be read: most of what is asked for is optional.
  static func read(_ path: String) -> String? {
    bytes(of: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// What is in the file, text or not.
  static func bytes(of path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    while true {
      // The files of /proc have no size to ask for beforehand.
      let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        count = max(0, Glibc.read(file, buffer.baseAddress, buffer.count))
      }
      if chunk.isEmpty { return bytes }
      bytes += chunk
    }
  }

  /// Replaces what is in the file, or creates it.
  static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  /// The same with any bytes.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw SystemError("can't open \(path)") }
    defer { close(file) }
    try bytes.withUnsafeBytes { try write($0, to: file, named: path) }
  }

  /// The same, but whoever is killed meanwhile leaves all of the old text or all of the new.
  static func replace(_ path: String, with text: String) throws {
    let draft = "\(path).part"
    try write(text, to: draft)
    guard rename(draft, path) == 0 else { throw SystemError("can't replace \(path)") }
  }

  /// Whether the name is a file's, or nobody's: no pipe, no terminal, and no link, which would be replaced
  /// itself.
  static func isReplaceable(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT == S_IFREG : errno == ENOENT
  }

  static func write(_ text: String, to file: Int32, named name: String) throws {
    var text = text
    try text.withUTF8 { try write(UnsafeRawBufferPointer($0), to: file, named: name) }
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, to file: Int32, named name: String
  ) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let chunk = UnsafeRawBufferPointer(rebasing: rest)
      let written = Glibc.write(file, chunk.baseAddress, chunk.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw SystemError("can't write \(name)") }
      rest = rest.dropFirst(written)
    }
  }
}
