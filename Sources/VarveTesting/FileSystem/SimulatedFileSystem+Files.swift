package import VarveSystem

extension SimulatedFileSystem {
  package func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Descriptor {
    let mayCreate = mode == .creating || mode == .writingOrCreating
    let operation = SimulatedOperation(.open, path, .text("\(mode)"), isMutation: mayCreate)
    return try perform(operation) { kernel throws(SystemError) in
      let place = try kernel.names.place(of: path, for: .open)
      if let inode = place.inode {
        if mode == .creating { throw SystemError(.open, .exists) }
        if mode != .reading, kernel.files[inode] == nil { throw SystemError(.open, .isDirectory) }
        if mode != .reading, kernel.faults.isReadOnly { throw SystemError(.open, .readOnly) }
        return kernel.openDescriptor(inode, path: path, isWritable: mode != .reading)
      }
      guard mayCreate, let slot = place.slot else { throw SystemError(.open, .noSuchFile) }
      let inode = kernel.makeInode()
      kernel.files[inode] = SimulatedFile(inode: inode, modified: now)
      kernel.names.create(slot, inode: inode)
      return kernel.openDescriptor(inode, path: path, isWritable: true)
    }
  }

  package func close(_ descriptor: Descriptor) {
    withKernel { kernel in
      guard let open = kernel.descriptors.removeValue(forKey: descriptor) else { return }
      kernel.files[open.inode]?.descriptorCount -= 1
      kernel.note("close \(open.path)")
    }
  }

  package func status(of descriptor: Descriptor) throws(SystemError) -> FileStatus {
    let operation = SimulatedOperation(.status, path(of: descriptor), isMutation: false)
    return try perform(operation) { kernel throws(SystemError) in
      guard let open = kernel.descriptors[descriptor] else {
        throw SystemError(.status, .badDescriptor)
      }
      return kernel.status(of: open.inode)
    }
  }

  package func status(at path: String) throws(SystemError) -> FileStatus {
    try perform(SimulatedOperation(.status, path, isMutation: false)) {
      kernel throws(SystemError) in
      guard let inode = try kernel.names.place(of: path, for: .status).inode else {
        throw SystemError(.status, .noSuchFile)
      }
      return kernel.status(of: inode)
    }
  }
}

extension SimulatedKernel {
  /// There is one disk, and it has a number.
  private static let device: Int64 = 1

  fileprivate func status(of inode: Int64) -> FileStatus {
    guard let file = files[inode] else {
      return FileStatus(
        byteCount: PageImage.byteCount, allocatedByteCount: PageImage.byteCount, inode: inode,
        device: Self.device, modified: 0, kind: .directory)
    }
    return FileStatus(
      byteCount: file.byteCount,
      allocatedByteCount: file.allocated.count * PageImage.byteCount, inode: inode,
      device: Self.device, modified: file.modified, kind: .file)
  }
}
