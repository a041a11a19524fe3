package import VarveSystem

extension SimulatedFileSystem {
  package func map(_ descriptor: Descriptor, byteCount: Int) throws(SystemError) -> Mapping {
    let operation = SimulatedOperation(
      .map, path(of: descriptor), .text("\(byteCount)"), isMutation: false)
    let base = try unsafe perform(operation) { kernel throws(SystemError) in
      let file = try kernel.writableFile(descriptor, for: .map, otherwise: .accessDenied)
      guard byteCount > 0 else { throw SystemError(.map, .invalid) }
      try file.warmUp(room: byteCount)
      guard let memory = file.memory else { throw SystemError(.map, .noMemory) }
      kernel.addMapping(of: file, memory, byteCount: byteCount)
      return unsafe memory.base
    }
    // SAFETY: the kernel keeps the memory until `unmap`, and it has room for `byteCount`.
    return unsafe Mapping(
      UnsafeMutableRawBufferPointer(start: base, count: byteCount), of: self)
  }

  package func unmap(_ memory: UnsafeMutableRawBufferPointer) {
    let key = UInt(bitPattern: memory.baseAddress)
    withKernel { $0.removeMapping(at: key) }
  }

  package func populate(_ mapping: Mapping, _ range: Range<Int>) throws(SystemError) {
    let key = unsafe UInt(bitPattern: mapping.base)
    let path = withKernel { $0.pathOfMapping(at: key) }
    let operation = SimulatedOperation(.populate, path, .text("\(range)"), isMutation: false)
    try perform(operation) { kernel throws(SystemError) in
      guard let inode = kernel.mappings[key]?.inode, let file = kernel.files[inode] else {
        throw SystemError(.populate, .badAddress)
      }
      let pages = SimulatedFile.pages(range)
      guard pages.upperBound <= SimulatedFile.pageCount(mapping.byteCount) else {
        throw SystemError(.populate, .noMemory)
      }
      // What would be a signal for a store is an error here.
      guard pages.upperBound <= file.pageCount,
        file.allocated.missing(of: pages) <= kernel.freePageCount
      else { throw SystemError(.populate, .badAddress) }
      file.allocated.insert(pages)
    }
  }
}

extension SimulatedKernel {
  fileprivate func pathOfMapping(at key: UInt) -> String {
    guard let inode = mappings[key]?.inode else { return "a mapping of before" }
    return descriptors.first { $0.value.inode == inode }?.value.path ?? "inode \(inode)"
  }
}
