internal import CBenchProbes
internal import Glibc

/// What a directory looks like at some time: how large its files are, and what is in one of them.
///
/// For what reads files as a crash left them, and leaves them differently: so that it can do so again.
public struct DirectoryImage: Sendable {
  private let path: String
  private let sizes: [String: Int]
  private let small: (name: String, bytes: [UInt8])

  /// Looks at a directory.
  ///
  /// - Parameter name: The file of which the bytes are kept. Of the others it is known that they stay,
  ///   but for zeros at their ends.
  public init(of path: String, keeping name: String) throws {
    self.path = path
    sizes = try Self.sizes(in: path)
    guard let bytes = TextFile.bytes(of: "\(path)/\(name)") else {
      throw SystemError("can't read \(path)/\(name)")
    }
    small = (name, bytes)
  }

  /// How many bytes all its files have together.
  public var byteCount: Int { sizes.values.reduce(0, +) }

  /// Gives files the sizes that they had, zeros where there are more bytes to it, and the kept one
  /// its bytes. Files that are new go.
  public func restore() throws {
    let found = try Self.sizes(in: path)
    for name in found.keys where sizes[name] == nil { unlink("\(path)/\(name)") }
    // A file that is as large as it was is left alone, so that its times stay, too.
    for (name, byteCount) in sizes where name != small.name && found[name] != byteCount {
      let result = varve_bench_allocate("\(path)/\(name)", UInt64(byteCount))
      guard result == 0 else { throw SystemError("can't allocate \(name)", code: -result) }
    }
    try TextFile.write(small.bytes, to: "\(path)/\(small.name)")
  }

  static func sizes(in path: String) throws -> [String: Int] {
    guard let listing = opendir(path) else { throw SystemError("can't list \(path)") }
    defer { closedir(listing) }
    var sizes: [String: Int] = [:]
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var status = stat()
      guard stat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        continue
      }
      sizes[name] = Int(status.st_size)
    }
    return sizes
  }
}
