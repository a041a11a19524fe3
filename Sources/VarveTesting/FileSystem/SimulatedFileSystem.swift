public import VarveSystem

/// A file system in memory that loses power, runs full and fails at will, and does the same again
/// from the same seed.
///
/// It has two images of each file and directory: the live one, which all calls work on, and the
/// durable one, which syncs copy it to. A power cut keeps, drops or tears each page that was not
/// synced, by a seed, and drops any of the changes of names; a kill keeps the live image. Memory
/// that is mapped is the file's live image itself, so the stores of whoever maps it need no
/// simulation.
///
/// What is stricter than any file system in use: a name is durable only once its directory was
/// synced; each change of names is kept or dropped on its own unless one needs the other; neither
/// inodes nor descriptors are given a second time.
public final class SimulatedFileSystem: FileSystem {
  /// Called before each operation that changes something, with its path, outside all locks. What it
  /// throws, the operation throws, and nothing has happened.
  package typealias OperationHook =
    @Sendable (SystemCall, String) throws(SystemError) -> Void

  /// What tells when a file was changed.
  package let clock: any TimeSource
  private let kind: FileSystemKind
  private let seed: UInt64
  private let kernel: Lock<SimulatedKernel>

  /// The trace keeps so many operations.
  public static let defaultTraceLimit = 256

  /// Makes a disk that is empty but for its root. The seed decides only what no crash decides: how
  /// much of a write is done that fails, and which reads are not resident.
  ///
  /// - Parameters:
  ///   - clock: What tells when a file was changed.
  ///   - totalByteCount: How large the disk is.
  ///   - seed: What follows from it is the same for the same calls.
  ///   - traceLimit: How many operations ``trace`` keeps.
  public convenience init(
    clock: ManualClock = ManualClock(), totalByteCount: Int = 1 << 30, seed: UInt64 = 0,
    traceLimit: Int = SimulatedFileSystem.defaultTraceLimit
  ) {
    self.init(
      clock: clock, totalByteCount: totalByteCount, kind: .ext4, seed: seed,
      traceLimit: traceLimit)
  }

  /// The same, of a kind that decides how a log writes to it.
  package init(
    clock: any TimeSource = ManualClock(), totalByteCount: Int = 1 << 30,
    kind: FileSystemKind, seed: UInt64 = 0,
    traceLimit: Int = SimulatedFileSystem.defaultTraceLimit
  ) {
    self.clock = clock
    self.kind = kind
    self.seed = seed
    kernel = Lock(
      SimulatedKernel(totalByteCount: totalByteCount, seed: seed, traceLimit: traceLimit))
  }

  private init(_ kernel: consuming SimulatedKernel, of other: SimulatedFileSystem) {
    clock = other.clock
    kind = other.kind
    seed = other.seed
    self.kernel = Lock(kernel)
  }

  /// The same disk at this moment once more, to be crashed in another way. What is open stays with
  /// this one, as does the hook; faults, counts and trace are copied, and a copy is not stopped.
  public func fork() -> SimulatedFileSystem {
    let copy = kernel.withLock { kernel in
      var copy = kernel
      copy.files = kernel.files.mapValues { $0.copy() }
      copy.descriptors = [:]
      copy.mappings = [:]
      copy.onOperation = nil
      copy.start()
      return copy
    }
    return SimulatedFileSystem(copy, of: self)
  }

  /// No descriptor is the process's own.
  package var hasKernelDescriptors: Bool { false }

  var now: Int64 { clock.wallMilliseconds * 1_000_000 }

  /// Reaches the state alone.
  func withKernel<Result, E: Error>(
    _ body: (inout SimulatedKernel) throws(E) -> Result
  ) throws(E) -> Result {
    try kernel.withLock(body)
  }
}

// MARK: Operations

extension SimulatedFileSystem {
  /// Does an operation: hook, count, fault, trace.
  func perform<Result>(
    _ operation: SimulatedOperation,
    failing: (inout SimulatedKernel) -> Void = { _ in },
    _ body: (inout SimulatedKernel) throws(SystemError) -> Result
  ) throws(SystemError) -> Result {
    if operation.isMutation, let hook = withKernel({ $0.onOperation }) {
      try hook(operation.call, operation.path)
    }
    return try withKernel { (kernel) throws(SystemError) in
      let fault = try kernel.begin(operation)
      do throws(SystemError) {
        if operation.isMutation, kernel.faults.isReadOnly {
          throw SystemError(operation.call, .readOnly)
        }
        if let fault {
          failing(&kernel)
          throw SystemError(operation.call, fault)
        }
        let result = try body(&kernel)
        kernel.end(operation)
        return result
      } catch {
        kernel.end(operation, error.errno)
        throw error
      }
    }
  }

  func path(of descriptor: Descriptor) -> String { withKernel { $0.path(of: descriptor) } }
}

// MARK: The whole

extension SimulatedFileSystem {
  package func space(at path: String) throws(SystemError) -> FileSystemSpace {
    try perform(SimulatedOperation(.space, path, isMutation: false)) {
      kernel throws(SystemError) in
      guard try kernel.names.place(of: path, for: .space).inode != nil else {
        throw SystemError(.space, .noSuchFile)
      }
      return FileSystemSpace(
        freeByteCount: kernel.freePageCount * PageImage.byteCount,
        totalByteCount: kernel.spaceLimit, kind: kind)
    }
  }

  package func bootID() throws(SystemError) -> BootID {
    try perform(SimulatedOperation(.read, "boot_id", isMutation: false)) { kernel in
      var random = SplitMix(seed: seed ^ kernel.bootNumber << 32)
      return BootID(rawValue: UInt128(random.next()) << 64 | UInt128(random.next()))
    }
  }

  package func currentProcess() throws(SystemError) -> ProcessIdentity {
    let bootID = try bootID()
    let count = withKernel { $0.processCount }
    return ProcessIdentity(
      number: Self.firstProcess + Int32(truncatingIfNeeded: count), startTicks: count,
      hostName: Self.hostName, bootID: bootID)
  }

  /// There is one process at a time.
  package func hasEnded(_ process: ProcessIdentity) -> Bool {
    guard let current = try? currentProcess() else { return false }
    return process.hostName == current.hostName && process.bootID == current.bootID
      && process != current
  }

  private static let firstProcess: Int32 = 100
  private static let hostName = "simulated"
}
