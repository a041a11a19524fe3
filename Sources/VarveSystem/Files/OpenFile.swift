/// A file that is open, and closed with the last reference.
package final class OpenFile: Sendable {
  package let fileSystem: any FileSystem
  package let descriptor: Descriptor

  /// Opens a file.
  package init(
    _ path: String, _ mode: OpenMode, in fileSystem: any FileSystem
  ) throws(SystemError) {
    self.fileSystem = fileSystem
    descriptor = try fileSystem.open(path, mode)
  }

  deinit { fileSystem.close(descriptor) }
}

extension OpenFile {
  package func status() throws(SystemError) -> FileStatus {
    try fileSystem.status(of: descriptor)
  }

  @unsafe
  package func read(
    into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int {
    try unsafe fileSystem.read(descriptor, into: memory, at: position)
  }

  @unsafe
  package func readResident(
    into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int? {
    try unsafe fileSystem.readResident(descriptor, into: memory, at: position)
  }

  @unsafe
  package func readDevice(
    into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int {
    try unsafe fileSystem.readDevice(descriptor, into: memory, at: position)
  }

  package func nextData(from position: Int) throws(SystemError) -> Range<Int>? {
    try fileSystem.nextData(descriptor, from: position)
  }

  @unsafe
  package func write(
    from memory: UnsafeRawBufferPointer, at position: Int
  ) throws(SystemError) {
    try unsafe fileSystem.write(descriptor, from: memory, at: position)
  }

  package func write(_ bytes: RawSpan, at position: Int) throws(SystemError) {
    var failure: SystemError?
    // SAFETY: the span's own bytes, within the closure. It cannot throw typed.
    unsafe bytes.withUnsafeBytes { bytes in
      do throws(SystemError) {
        try unsafe fileSystem.write(descriptor, from: bytes, at: position)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  package func allocate(_ range: Range<Int>) throws(SystemError) {
    try fileSystem.allocate(descriptor, range)
  }

  package func truncate(to byteCount: Int) throws(SystemError) {
    try fileSystem.truncate(descriptor, to: byteCount)
  }

  package func syncData() throws(SystemError) { try fileSystem.syncData(descriptor) }
  package func syncAll() throws(SystemError) { try fileSystem.syncAll(descriptor) }

  package func lock() throws(SystemError) { try fileSystem.lock(descriptor) }
  package func unlock() { fileSystem.unlock(descriptor) }
  package func lockOwner() throws(SystemError) -> LockOwner {
    try fileSystem.lockOwner(descriptor)
  }

  package func map(byteCount: Int) throws(SystemError) -> Mapping {
    try fileSystem.map(descriptor, byteCount: byteCount)
  }
}
