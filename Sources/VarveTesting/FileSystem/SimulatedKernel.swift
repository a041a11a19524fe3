internal import VarveSystem

/// What a simulated file system knows: its disk, who uses it, and what is to go wrong.
struct SimulatedKernel {
  // MARK: The disk

  var files: [Int64: SimulatedFile] = [:]
  var names = NameTree()
  /// Never given twice, as little as a descriptor: what is used too late is then noticed.
  private var nextInode = NameGraph.root + 1
  private let totalByteCount: Int

  // MARK: Its users

  var descriptors: [Descriptor: OpenDescriptor] = [:]
  private var nextDescriptor: Int32 = 1000
  var mappings: [UInt: MappedMemory] = [:]
  var bootNumber: UInt64 = 0
  /// Counts the processes that there have been, each of which a crash has ended.
  var processCount: UInt64 = 0

  // MARK: What happens to it

  var faults = FaultPlan.none
  var silencedSyncs: SilencedSyncs?
  private var missedSyncs = MissedSyncs()
  var trace: OperationTrace
  var counts: [SystemCall: Int] = [:]
  var operationCount = 0
  var mutationCount = 0
  /// After so many mutations nothing happens any more.
  var stopLimit: Int?
  private(set) var isStopped = false
  var coldReadOdds = 0
  /// Decides what a test did not.
  var random: SplitMix
  var onOperation: SimulatedFileSystem.OperationHook?

  init(totalByteCount: Int, seed: UInt64, traceLimit: Int) {
    self.totalByteCount = totalByteCount
    random = SplitMix(seed: seed)
    trace = OperationTrace(limit: traceLimit)
  }

  /// An open file, and under which name it was opened.
  struct OpenDescriptor {
    let inode: Int64
    let path: String
    let isWritable: Bool
    /// Whether it has the file's lock, which goes with it.
    var hasLock = false
  }

  /// Memory that mappings show, and that lives as long as they do.
  struct MappedMemory {
    let memory: AnonymousMemory
    /// Whose it is; nil once the file has gone on elsewhere.
    var inode: Int64?
    var count: Int
  }
}

// MARK: Operations

extension SimulatedKernel {
  /// Counts an operation, and returns how it is to fail.
  mutating func begin(_ operation: SimulatedOperation) throws(SystemError) -> Errno? {
    if operation.isMutation, let stopLimit, mutationCount >= stopLimit { stop() }
    if isStopped { throw SystemError(operation.call, .inputOutput) }
    if operation.isMutation { makeUpForSyncs() }
    operationCount += 1
    counts[operation.call, default: 0] += 1
    if operation.isMutation { mutationCount += 1 }
    return faults.errno(for: operation)
  }

  mutating func end(_ operation: SimulatedOperation, _ errno: Errno? = nil) {
    trace.append(.init(number: operationCount, event: .operation(operation), errno: errno))
    if errno == nil, let isFollowed = silencedSyncs?.isFollowed {
      missedSyncs.become(dueIf: isFollowed(operation.call, operation.path))
    }
  }

  /// Whether the operation that has just begun is a sync of such a file or directory that is to do
  /// nothing for now.
  mutating func isSilenced(_ operation: SimulatedOperation, of inode: Int64) -> Bool {
    guard let silencedSyncs, silencedSyncs.contains(operation.call, operation.path) else {
      return false
    }
    missedSyncs.note(inode)
    return true
  }

  private mutating func makeUpForSyncs() {
    for inode in missedSyncs.takeDue() {
      if let file = files[inode] { file.sync(metadata: false) } else { names.sync(inode) }
    }
  }

  /// What a process has left out, it does not make up for when it has ended.
  mutating func forgetMissedSyncs() { missedSyncs = MissedSyncs() }

  mutating func note(_ text: String) {
    trace.append(.init(number: operationCount, event: .other(text)))
  }

  /// Lets nothing happen any more until the file system is crashed.
  mutating func stop() {
    guard !isStopped else { return }
    isStopped = true
    detachMappings()
    note("stopped")
  }

  mutating func start() {
    isStopped = false
    stopLimit = nil
  }
}

// MARK: Files

extension SimulatedKernel {
  mutating func makeInode() -> Int64 {
    defer { nextInode += 1 }
    return nextInode
  }

  mutating func openDescriptor(_ inode: Int64, path: String, isWritable: Bool) -> Descriptor {
    let descriptor = Descriptor(rawValue: nextDescriptor)
    nextDescriptor += 1
    descriptors[descriptor] = OpenDescriptor(inode: inode, path: path, isWritable: isWritable)
    files[inode]?.descriptorCount += 1
    return descriptor
  }

  func path(of descriptor: Descriptor) -> String {
    descriptors[descriptor]?.path ?? "descriptor \(descriptor.rawValue)"
  }

  /// The file that is open: a directory has no bytes to work on.
  func file(_ descriptor: Descriptor, for call: SystemCall) throws(SystemError) -> SimulatedFile {
    guard let open = descriptors[descriptor] else { throw SystemError(call, .badDescriptor) }
    guard let file = files[open.inode] else { throw SystemError(call, .isDirectory) }
    return file
  }

  /// The same of a file that was opened for writing.
  func writableFile(
    _ descriptor: Descriptor, for call: SystemCall, otherwise: Errno = .badDescriptor
  ) throws(SystemError) -> SimulatedFile {
    guard let open = descriptors[descriptor] else { throw SystemError(call, .badDescriptor) }
    guard open.isWritable else { throw SystemError(call, otherwise) }
    return try file(descriptor, for: call)
  }

  mutating func unname(_ inode: Int64?) {
    guard let inode else { return }
    files[inode]?.isNamed = false
  }

  /// Forgets the files that nothing leads to any more.
  mutating func collectGarbage() {
    let mentioned = names.mentioned
    files = files.filter { mentioned.contains($0.key) || $0.value.isInUse }
  }
}

// MARK: Space

extension SimulatedKernel {
  var spaceLimit: Int { min(totalByteCount, faults.spaceLimit ?? .max) }

  var usedByteCount: Int {
    files.values.reduce(0) { $0 + ($1.isInUse ? $1.allocated.count : 0) } * PageImage.byteCount
  }

  var freePageCount: Int { max(spaceLimit - usedByteCount, 0) / PageImage.byteCount }
}

// MARK: Mappings

extension SimulatedKernel {
  mutating func addMapping(of file: SimulatedFile, _ memory: AnonymousMemory, byteCount: Int) {
    let key = unsafe UInt(bitPattern: memory.base)
    let count = mappings[key]?.count ?? 0
    mappings[key] = MappedMemory(memory: memory, inode: file.inode, count: count + 1)
    file.mappingCount += 1
    file.mappedPageCount = max(file.mappedPageCount, SimulatedFile.pageCount(byteCount))
  }

  mutating func removeMapping(at key: UInt) {
    guard var mapped = mappings[key] else { return }
    if let inode = mapped.inode { files[inode]?.mappingCount -= 1 }
    mapped.count -= 1
    mappings[key] = mapped.count == 0 ? nil : mapped
  }

  /// Lets all files go on without the mappings that there are: these show the past from now on.
  mutating func detachMappings() {
    for file in files.values where file.mappingCount > 0 { file.coolDown() }
    for key in mappings.keys { mappings[key]?.inode = nil }
  }
}
