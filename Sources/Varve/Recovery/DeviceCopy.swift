internal import VarveSystem

/// Puts what the device holds of a file in its place.
///
/// After a failed sync the kernel takes pages for clean that the device does not have. They would be
/// read, and served, and be gone with the next power cut. So such a file is read past the page cache
/// and written anew, beside it, and takes its name: slices that somebody holds of the old one keep
/// their bytes.
struct DeviceCopy {
  let fileSystem: any FileSystem

  func replace(_ path: String) throws(SystemError) {
    let file = try OpenFile(path, .reading, in: fileSystem)
    try FileReplacement(
      path: path, beside: SegmentPath.beside(path + "-copy"), fileSystem: fileSystem
    ).replace { copy throws(SystemError) in
      try Self.copy(file, to: copy)
    }
  }

  private static func copy(_ file: OpenFile, to copy: OpenFile) throws(SystemError) {
    // On a page's bounds, which reads past the cache ask for.
    let buffer = try AnonymousMemory(byteCount: LogLimits.readByteCount)
    let byteCount = try file.status().byteCount
    var position = 0
    while position < byteCount {
      // SAFETY: within the buffer, which nobody else has.
      let memory = unsafe UnsafeMutableRawBufferPointer(
        start: buffer.base, count: buffer.byteCount)
      let count = min(try unsafe file.readDevice(into: memory, at: position), byteCount - position)
      guard count > 0 else { return }
      try unsafe copy.write(
        from: UnsafeRawBufferPointer(rebasing: memory[..<count]), at: position)
      position += count
    }
  }
}
