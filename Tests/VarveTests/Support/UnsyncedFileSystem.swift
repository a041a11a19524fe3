import VarveSystem

/// The machine's file systems, without waiting for a device: no test of a log's content cuts the
/// power, and a sync takes longer than the rest of such a test.
final class UnsyncedFileSystem: FileSystem {
  private let base = PosixFileSystem()
  private let beforeLock: @Sendable () -> Void

  /// - Parameter beforeLock: Called before a lock is taken, to do what others may do meanwhile.
  init(beforeLock: @escaping @Sendable () -> Void = {}) { self.beforeLock = beforeLock }

  func lock(_ descriptor: Descriptor) throws(SystemError) {
    beforeLock()
    try base.lock(descriptor)
  }

  /// A name that the next listing misses, as one may that is made while names are given.
  let missedName = Lock<String?>(nil)

  func syncData(_ descriptor: Descriptor) throws(SystemError) {}
  func syncAll(_ descriptor: Descriptor) throws(SystemError) {}
  func syncDirectory(_ path: String) throws(SystemError) {}

  // MARK: All else as it is

  var hasKernelDescriptors: Bool { base.hasKernelDescriptors }

  func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Descriptor {
    try base.open(path, mode)
  }

  func close(_ descriptor: Descriptor) { base.close(descriptor) }

  func status(of descriptor: Descriptor) throws(SystemError) -> FileStatus {
    try base.status(of: descriptor)
  }

  func status(at path: String) throws(SystemError) -> FileStatus { try base.status(at: path) }

  func read(
    _ descriptor: Descriptor, into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int {
    try base.read(descriptor, into: memory, at: position)
  }

  func readResident(
    _ descriptor: Descriptor, into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int? {
    try base.readResident(descriptor, into: memory, at: position)
  }

  func readDevice(
    _ descriptor: Descriptor, into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int {
    try base.readDevice(descriptor, into: memory, at: position)
  }

  func nextData(_ descriptor: Descriptor, from position: Int) throws(SystemError) -> Range<Int>? {
    try base.nextData(descriptor, from: position)
  }

  func write(
    _ descriptor: Descriptor, from memory: UnsafeRawBufferPointer, at position: Int
  ) throws(SystemError) {
    try base.write(descriptor, from: memory, at: position)
  }

  func allocate(_ descriptor: Descriptor, _ range: Range<Int>) throws(SystemError) {
    try base.allocate(descriptor, range)
  }

  func truncate(_ descriptor: Descriptor, to byteCount: Int) throws(SystemError) {
    try base.truncate(descriptor, to: byteCount)
  }

  func setModified(_ descriptor: Descriptor, to nanoseconds: Int64) throws(SystemError) {
    try base.setModified(descriptor, to: nanoseconds)
  }

  func map(_ descriptor: Descriptor, byteCount: Int) throws(SystemError) -> Mapping {
    try base.map(descriptor, byteCount: byteCount)
  }

  func unmap(_ memory: UnsafeMutableRawBufferPointer) { base.unmap(memory) }

  func populate(_ mapping: Mapping, _ range: Range<Int>) throws(SystemError) {
    try base.populate(mapping, range)
  }

  func rename(_ path: String, to newPath: String) throws(SystemError) {
    try base.rename(path, to: newPath)
  }

  func unlink(_ path: String) throws(SystemError) { try base.unlink(path) }

  func makeDirectory(_ path: String) throws(SystemError) { try base.makeDirectory(path) }

  func removeDirectory(_ path: String) throws(SystemError) { try base.removeDirectory(path) }

  func list(_ path: String) throws(SystemError) -> [String] {
    let missed = missedName.withLock { $0.take() }
    return try base.list(path).filter { $0 != missed }
  }

  func space(at path: String) throws(SystemError) -> FileSystemSpace { try base.space(at: path) }

  func bootID() throws(SystemError) -> BootID { try base.bootID() }

  func unlock(_ descriptor: Descriptor) { base.unlock(descriptor) }

  func lockOwner(_ descriptor: Descriptor) throws(SystemError) -> LockOwner {
    try base.lockOwner(descriptor)
  }

  func currentProcess() throws(SystemError) -> ProcessIdentity { try base.currentProcess() }

  func hasEnded(_ process: ProcessIdentity) -> Bool { base.hasEnded(process) }
}
