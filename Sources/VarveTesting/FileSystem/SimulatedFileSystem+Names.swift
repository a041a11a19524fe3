package import VarveSystem

extension SimulatedFileSystem {
  package func rename(_ path: String, to newPath: String) throws(SystemError) {
    try perform(SimulatedOperation(.rename, path, .text("to \(newPath)"))) {
      kernel throws(SystemError) in
      let from = try kernel.names.place(of: path, for: .rename)
      let to = try kernel.names.place(of: newPath, for: .rename)
      kernel.unname(try kernel.names.rename(from, to: to))
    }
  }

  package func unlink(_ path: String) throws(SystemError) {
    try perform(SimulatedOperation(.unlink, path)) { kernel throws(SystemError) in
      let place = try kernel.names.place(of: path, for: .unlink)
      guard let inode = place.inode else { throw SystemError(.unlink, .noSuchFile) }
      guard let slot = place.slot, kernel.files[inode] != nil else {
        throw SystemError(.unlink, .isDirectory)
      }
      kernel.names.unlink(slot, inode: inode)
      kernel.unname(inode)
    }
  }

  package func makeDirectory(_ path: String) throws(SystemError) {
    try perform(SimulatedOperation(.makeDirectory, path)) { kernel throws(SystemError) in
      let place = try kernel.names.place(of: path, for: .makeDirectory)
      guard place.inode == nil, let slot = place.slot else {
        throw SystemError(.makeDirectory, .exists)
      }
      kernel.names.createDirectory(slot, inode: kernel.makeInode())
    }
  }

  package func removeDirectory(_ path: String) throws(SystemError) {
    try perform(SimulatedOperation(.removeDirectory, path)) { kernel throws(SystemError) in
      let directory = try kernel.directory(path, for: .removeDirectory)
      guard let slot = try kernel.names.place(of: path, for: .removeDirectory).slot else {
        throw SystemError(.removeDirectory, .busy)
      }
      guard kernel.names.live.names(in: directory).isEmpty else {
        throw SystemError(.removeDirectory, .notEmpty)
      }
      kernel.names.unlink(slot, inode: directory)
    }
  }

  package func list(_ path: String) throws(SystemError) -> [String] {
    try perform(SimulatedOperation(.list, path, isMutation: false)) {
      kernel throws(SystemError) in
      kernel.names.live.names(in: try kernel.directory(path, for: .list))
    }
  }

  package func syncDirectory(_ path: String) throws(SystemError) {
    let operation = SimulatedOperation(.syncDirectory, path)
    try perform(operation) { kernel throws(SystemError) in
      let directory = try kernel.directory(path, for: .syncDirectory)
      if kernel.isSilenced(operation, of: directory) { return }
      kernel.names.sync(directory)
      kernel.collectGarbage()
    }
  }
}

extension SimulatedKernel {
  fileprivate func directory(
    _ path: String, for call: SystemCall
  ) throws(SystemError) -> Int64 {
    guard let inode = try names.place(of: path, for: call).inode else {
      throw SystemError(call, .noSuchFile)
    }
    guard names.live.isDirectory(inode) else { throw SystemError(call, .notDirectory) }
    return inode
  }
}
