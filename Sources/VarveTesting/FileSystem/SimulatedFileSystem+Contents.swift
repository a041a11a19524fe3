public import Varve
internal import VarveSystem

// Looking at the disk from outside: nothing is counted, nothing fails.

extension SimulatedFileSystem {
  /// The files in a directory with all their bytes, as whoever opens them would read them. Empty if
  /// there is no such directory.
  public func files(in directory: String) -> [String: [UInt8]] {
    each(in: directory) { $0.contents }
  }

  /// When the files in a directory were changed last.
  public func modifications(in directory: String) -> [String: Timestamp] {
    each(in: directory) { Timestamp(milliseconds: $0.modified / 1_000_000) }
  }

  private func each<Value>(
    in directory: String, _ value: (SimulatedFile) -> Value
  ) -> [String: Value] {
    withKernel { kernel in
      guard let place = try? kernel.names.place(of: directory, for: .list),
        let inode = place.inode
      else { return [:] }
      let graph = kernel.names.live
      var found: [String: Value] = [:]
      for name in graph.names(in: inode) {
        guard let own = graph[.init(directory: inode, name: name)], let file = kernel.files[own]
        else { continue }
        found[name] = value(file)
      }
      return found
    }
  }
}

// Changing the disk from outside, as somebody else might have.

extension SimulatedFileSystem {
  /// Puts a file there, or other bytes into the one that is there: all of it is on the device, and
  /// so is its name. Directories that are missing are made.
  ///
  /// How a test damages what a log has written, or begins with files that others wrote.
  ///
  /// - Parameters:
  ///   - bytes: All that the file has from now on.
  ///   - path: Where it is.
  ///   - keepsTime: Whether the file says still that it was changed when it was, as one does whose
  ///     device has turned a bit.
  public func write(
    _ bytes: [UInt8], to path: String, keepsTime: Bool = false
  ) throws(LogError) {
    try changing(path) { kernel throws(SystemError) in
      try kernel.makeDirectories(above: path)
      let file = try kernel.existingOrNewFile(at: path, now: now)
      let modified = file.modified
      try file.truncate(to: 0, now: now)
      // SAFETY: the array's bytes are read while they are lent.
      try unsafe bytes.span.bytes.withUnsafeBytes { bytes throws(SystemError) in
        try unsafe file.write(from: bytes, at: 0, now: now)
      }
      if keepsTime { file.modified = modified }
      file.sync(metadata: true)
    }
  }

  /// Removes a file, on the device, too.
  public func remove(_ path: String) throws(LogError) {
    try changing(path) { kernel throws(SystemError) in
      let place = try kernel.names.place(of: path, for: .unlink)
      guard let inode = place.inode, let slot = place.slot, kernel.files[inode] != nil else {
        throw SystemError(.unlink, .noSuchFile)
      }
      kernel.names.unlink(slot, inode: inode)
      kernel.unname(inode)
      kernel.names.sync(slot.directory)
      kernel.collectGarbage()
    }
  }

  private func changing(
    _ path: String, _ body: (inout SimulatedKernel) throws(SystemError) -> Void
  ) throws(LogError) {
    do throws(SystemError) {
      try withKernel(body)
    } catch {
      throw LogError(.invalidArgument, "the file \(path) cannot be changed: \(error)")
    }
  }
}

extension SimulatedKernel {
  fileprivate mutating func makeDirectories(above path: String) throws(SystemError) {
    var above = ""
    for part in path.split(separator: "/").dropLast() {
      above += "/" + part
      let place = try names.place(of: above, for: .makeDirectory)
      guard place.inode == nil, let slot = place.slot else { continue }
      names.createDirectory(slot, inode: makeInode())
      names.sync(slot.directory)
    }
  }

  fileprivate mutating func existingOrNewFile(
    at path: String, now: Int64
  ) throws(SystemError) -> SimulatedFile {
    let place = try names.place(of: path, for: .open)
    if let inode = place.inode {
      guard let file = files[inode] else { throw SystemError(.open, .isDirectory) }
      return file
    }
    guard let slot = place.slot else { throw SystemError(.open, .isDirectory) }
    let file = SimulatedFile(inode: makeInode(), modified: now)
    files[file.inode] = file
    names.create(slot, inode: file.inode)
    names.sync(slot.directory)
    return file
  }
}

extension KafkaLoaderModel {
  /// A directory of a simulated disk, as it is now.
  public init(of directory: String, in fileSystem: SimulatedFileSystem) {
    self.init(
      files: fileSystem.files(in: directory), modified: fileSystem.modifications(in: directory))
  }
}
