/// All that Varve asks of a file system. Only stores into a mapping go past it.
///
/// There are two: ``PosixFileSystem``, and a simulated one for tests, which loses power and runs
/// full at will. Every call may block on a device, may be made from any thread, and throws at once
/// when it fails: nobody is killed and nothing is retried but what a signal interrupted.
package protocol FileSystem: AnyObject, Sendable {
  // MARK: Files

  /// Opens a file. The caller owns the descriptor: see ``OpenFile``.
  func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Descriptor
  /// Gives a descriptor back. Errors are not reported: what was to be durable has been synced.
  func close(_ descriptor: Descriptor)
  func status(of descriptor: Descriptor) throws(SystemError) -> FileStatus
  func status(at path: String) throws(SystemError) -> FileStatus
  /// The same of many files of a directory, which is looked up once, in the order of their names.
  func statuses(
    of names: [String], in directory: String
  ) throws(SystemError) -> [FileStatus]

  // MARK: Bytes

  /// Fills `memory` from `position` on, and returns how many bytes there were: fewer only at the
  /// end of the file.
  func read(
    _ descriptor: Descriptor, into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int
  /// The same of what lies in memory, without waiting for a device. Returns nil where nothing can
  /// be had that way, and otherwise perhaps fewer bytes than there are. Some file systems never
  /// can tell: tmpfs, of all, is one of them.
  func readResident(
    _ descriptor: Descriptor, into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int?
  /// The same of what the device holds, not memory: after a failed sync the two may differ, and no
  /// one tells. The position and the memory must be a page's, as must the memory's size.
  func readDevice(
    _ descriptor: Descriptor, into memory: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(SystemError) -> Int
  /// Where bytes come next that may be other than zeros, from `position` on; nil where none do. What
  /// was allocated and never written to is not among them, as long as nobody reads it.
  func nextData(_ descriptor: Descriptor, from position: Int) throws(SystemError) -> Range<Int>?
  /// Writes all of `memory` at `position`. After an error, an unknown part of it is written.
  func write(
    _ descriptor: Descriptor, from memory: UnsafeRawBufferPointer, at position: Int
  ) throws(SystemError)

  /// Reserves space and extends the file over it with zeros.
  func allocate(_ descriptor: Descriptor, _ range: Range<Int>) throws(SystemError)
  /// Cuts the file, or extends it by a hole.
  func truncate(_ descriptor: Descriptor, to byteCount: Int) throws(SystemError)
  /// When it returns, the file's bytes are on the device, and enough to find them.
  func syncData(_ descriptor: Descriptor) throws(SystemError)
  /// The same, and everything that ``status(of:)`` says.
  func syncAll(_ descriptor: Descriptor) throws(SystemError)
  /// Sets when the file was changed last, in nanoseconds since 1970.
  func setModified(_ descriptor: Descriptor, to nanoseconds: Int64) throws(SystemError)

  // MARK: Locks

  /// Takes an exclusive lock on the whole file, without waiting: `EAGAIN` where somebody else has
  /// one, or a part of one; `ENOLCK` or `EOPNOTSUPP` where the file system has none. The lock is of
  /// what the descriptor stands for: it conflicts with those of processes, goes with the
  /// descriptor, and lives on where a child that was forked has that too. To lock what is locked
  /// already by the same descriptor does nothing.
  func lock(_ descriptor: Descriptor) throws(SystemError)
  /// Gives the lock back, wherever else the descriptor lives on. Errors are not reported: there is
  /// none that a descriptor with a lock could meet.
  func unlock(_ descriptor: Descriptor)
  /// Who has the lock that ``lock(_:)`` did not get.
  func lockOwner(_ descriptor: Descriptor) throws(SystemError) -> LockOwner

  // MARK: Memory

  /// Maps the first bytes of a file for stores, which every reader of the file sees. The mapping
  /// may reach beyond the file's end; stores may not.
  func map(_ descriptor: Descriptor, byteCount: Int) throws(SystemError) -> Mapping
  /// Called by the mapping's own deinit.
  func unmap(_ memory: UnsafeMutableRawBufferPointer)
  /// Makes pages of a mapping ready for stores. What is wrong with them is thrown here and need
  /// not be signalled later: `EFAULT` beyond the end of the file, and where a hole cannot be
  /// filled for want of space; `EINVAL` where the kernel is too old to do it.
  func populate(_ mapping: Mapping, _ range: Range<Int>) throws(SystemError)

  // MARK: Names

  /// Gives a file another name, in place of the file that may have it.
  func rename(_ path: String, to newPath: String) throws(SystemError)
  /// Takes a file's name away. Whoever has the file open keeps it.
  func unlink(_ path: String) throws(SystemError)
  func makeDirectory(_ path: String) throws(SystemError)
  /// Takes a directory's name away, in which no names are left: `ENOTEMPTY` where some are.
  func removeDirectory(_ path: String) throws(SystemError)
  /// The names in a directory, in no particular order.
  func list(_ path: String) throws(SystemError) -> [String]
  /// When it returns, the names in a directory are on the device.
  func syncDirectory(_ path: String) throws(SystemError)

  // MARK: The whole

  func space(at path: String) throws(SystemError) -> FileSystemSpace
  /// Which run of the kernel this is. What was in memory in another one is lost.
  func bootID() throws(SystemError) -> BootID
  /// The process that asks, as others can find it.
  func currentProcess() throws(SystemError) -> ProcessIdentity
  /// Whether a process is certainly gone. False for one of another machine, of which nothing is
  /// known.
  func hasEnded(_ process: ProcessIdentity) -> Bool

  /// Whether descriptors are the process's own, so that the kernel can copy between them and those
  /// of a caller.
  var hasKernelDescriptors: Bool { get }
}

extension FileSystem {
  package func statuses(
    of names: [String], in directory: String
  ) throws(SystemError) -> [FileStatus] {
    var found: [FileStatus] = []
    found.reserveCapacity(names.count)
    for name in names { found.append(try status(at: directory + "/" + name)) }
    return found
  }
}

/// One run of the kernel.
package struct BootID: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt128
  package init(rawValue: UInt128) { self.rawValue = rawValue }
}
