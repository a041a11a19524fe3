import VarveSystem

/// A file system of which a test sees each call that changes something, before it is made, and may
/// hold it up or let it fail. Nothing is synced.
final class WatchedFileSystem: FileSystem {
  struct Call: Hashable, CustomStringConvertible {
    let call: SystemCall
    /// The file's name, as it was opened; of a rename both.
    let name: String

    init(_ call: SystemCall, _ name: String) {
      self.call = call
      self.name = name
    }

    var description: String { "\(call.rawValue) \(name)" }
  }

  typealias Hook = @Sendable (Call) throws(SystemError) -> Void

  private let base: any FileSystem
  private let names = Lock<[Descriptor: String]>([:])
  private let seen = Lock<[Call]>([])
  private let hook = Lock<Hook?>(nil)
  private let closers = Lock<[(descriptor: Descriptor, thread: String)]>([])

  init(_ base: any FileSystem = UnsyncedFileSystem()) { self.base = base }

  /// What is called before each call from now on; what it throws, the call throws.
  func before(_ body: Hook?) { hook.withLock { $0 = body } }

  /// The calls since the last ``forget()``.
  var calls: [Call] { seen.withLock { $0 } }

  func forget() {
    seen.withLock { $0 = [] }
    closers.withLock { $0 = [] }
  }

  /// The name of the thread that has closed a descriptor first since then.
  func closer(of descriptor: Descriptor) -> String? {
    closers.withLock { $0.first { $0.descriptor == descriptor }?.thread }
  }

  func count(_ call: SystemCall, _ suffix: String = "") -> Int {
    calls.count { $0.call == call && $0.name.hasSuffix(suffix) }
  }

  private func note(_ call: SystemCall, _ name: String) throws(SystemError) {
    seen.withLock { $0.append(Call(call, name)) }
    try callHook(call, name)
  }

  /// For what changes nothing, and is not kept.
  private func callHook(_ call: SystemCall, _ name: String) throws(SystemError) {
    if let hook = hook.withLock({ $0 }) { try hook(Call(call, name)) }
  }

  private func note(_ call: SystemCall, _ descriptor: Descriptor) throws(SystemError) {
    try note(call, names.withLock { $0[descriptor] } ?? "")
  }

  private func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? ""
  }

  // MARK: What is seen

  func write(
    _ descriptor: Descriptor, from memory: UnsafeRawBufferPointer, at position: Int
  ) throws(SystemError) {
    try note(.write, descriptor)
    try base.write(descriptor, from: memory, at: position)
  }

  func truncate(_ descriptor: Descriptor, to byteCount: Int) throws(SystemError) {
    try note(.truncate, descriptor)
    try base.truncate(descriptor, to: byteCount)
  }

  func syncData(_ descriptor: Descriptor) throws(SystemError) {
    try note(.syncData, descriptor)
    try base.syncData(descriptor)
  }

  func syncAll(_ descriptor: Descriptor) throws(SystemError) {
    try note(.syncAll, descriptor)
    try base.syncAll(descriptor)
  }

  func syncDirectory(_ path: String) throws(SystemError) {
    try note(.syncDirectory, "")
    try base.syncDirectory(path)
  }

  func rename(_ path: String, to newPath: String) throws(SystemError) {
    try note(.rename, name(path) + " " + name(newPath))
    try base.rename(path, to: newPath)
  }

  func unlink(_ path: String) throws(SystemError) {
    try note(.unlink, name(path))
    try base.unlink(path)
  }

  // MARK: All else as it is

  var hasKernelDescriptors: Bool { base.hasKernelDescriptors }

  func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Descriptor {
    if mode == .creating { try callHook(.open, name(path)) }
    let descriptor = try base.open(path, mode)
    names.withLock { $0[descriptor] = name(path) }
    return descriptor
  }

  /// What the hook throws here, nobody hears.
  func close(_ descriptor: Descriptor) {
    let name = names.withLock { $0.removeValue(forKey: descriptor) }
    try? callHook(.close, name ?? "")
    // Before the number is another's.
    closers.withLock { $0.append((descriptor, OwnedThread.currentName)) }
    base.close(descriptor)
  }

  func status(of descriptor: Descriptor) throws(SystemError) -> FileStatus {
    try base.status(of: descriptor)
  }

  func status(at path: String) throws(SystemError) -> FileStatus {
    try callHook(.status, name(path))
    return try base.status(at: path)
  }

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

  func allocate(_ descriptor: Descriptor, _ range: Range<Int>) throws(SystemError) {
    try callHook(.allocate, names.withLock { $0[descriptor] } ?? "")
    try base.allocate(descriptor, range)
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

  func makeDirectory(_ path: String) throws(SystemError) { try base.makeDirectory(path) }

  func removeDirectory(_ path: String) throws(SystemError) { try base.removeDirectory(path) }

  func list(_ path: String) throws(SystemError) -> [String] {
    try callHook(.list, "")
    return try base.list(path)
  }

  func space(at path: String) throws(SystemError) -> FileSystemSpace { try base.space(at: path) }

  func bootID() throws(SystemError) -> BootID { try base.bootID() }

  func lock(_ descriptor: Descriptor) throws(SystemError) { try base.lock(descriptor) }

  func unlock(_ descriptor: Descriptor) { base.unlock(descriptor) }

  func lockOwner(_ descriptor: Descriptor) throws(SystemError) -> LockOwner {
    try base.lockOwner(descriptor)
  }

  func currentProcess() throws(SystemError) -> ProcessIdentity { try base.currentProcess() }

  func hasEnded(_ process: ProcessIdentity) -> Bool { base.hasEnded(process) }
}
