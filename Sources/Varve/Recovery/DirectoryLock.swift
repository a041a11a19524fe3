internal import VarveSystem

/// The right to change what is in a log's directory, of which there is one: an exclusive lock on a
/// file in it, which whoever writes the log keeps open.
///
/// The lock goes with the process, however it ends: nothing is left that would keep the next one
/// out. What a process leaves of files says nothing, and is taken over.
///
/// A log in a store has the store's, and no file of its own to keep open.
final class DirectoryLock: Sendable {
  let directory: String
  let fileSystem: any FileSystem
  private let hold: Lock<Hold?>
  /// Whether the locked file stays when the lock goes, as Kafka has it: a JVM does not look whether the
  /// file that it locked still has its name.
  private let leavesFile: Bool

  private enum Hold {
    case file(OpenFile)
    /// What the lock of the directory above covers.
    case above(DirectoryLock)
  }

  /// Takes the lock of a directory.
  ///
  /// Where somebody has it, waits for a moment: a process that was killed may still be on its way
  /// out.
  static func take(
    in directory: String, _ environment: LogEnvironment, leavesFile: Bool = false
  ) throws(LogError) -> DirectoryLock {
    let refusal: LogError
    do throws(SystemError) {
      var heldFile: OpenFile?
      for _ in 0..<LogLimits.lockAttemptCount {
        if heldFile != nil { environment.time.sleep(nanoseconds: LogLimits.lockRetryInterval) }
        switch try attempt(in: directory, environment.fileSystem) {
        case .taken(let file):
          let lock = DirectoryLock(directory, file, leavesFile: leavesFile)
          lock.writeNote(lockedAt: Timestamp(milliseconds: environment.time.wallMilliseconds))
          return lock
        case .held(let file): heldFile = file
        case .replaced: heldFile = nil
        }
      }
      refusal = try self.refusal(of: heldFile, in: directory)
    } catch {
      throw LogError(error, "lock the directory \(directory)")
    }
    throw refusal
  }

  private init(_ directory: String, _ file: OpenFile, leavesFile: Bool) {
    self.directory = directory
    fileSystem = file.fileSystem
    hold = Lock(.file(file))
    self.leavesFile = leavesFile
  }

  /// The right to a directory that lies in a locked one.
  init(_ directory: String, under above: DirectoryLock) {
    self.directory = directory
    fileSystem = above.fileSystem
    hold = Lock(.above(above))
    leavesFile = true
  }

  // Neither here nor in `release` is it left to the descriptor's end: a child that another thread is
  // starting has a copy of it from fork to exec, and would keep out who opens the log again.
  deinit {
    if case .file(let file) = hold.withLock({ $0 }) { file.unlock() }
  }

  /// Whether it has not been given back.
  var isHeld: Bool {
    switch hold.withLock({ $0 }) {
    case .file: true
    case .above(let above): above.isHeld
    case nil: false
    }
  }

  /// Gives the lock back, and leaves nothing of it. Once, however often it is called.
  func release() {
    guard case .file(let file) = hold.withLock({ $0.take() }) else { return }
    // When the names are gone: whoever has opened the file meanwhile finds that it lost its name.
    defer { file.unlock() }
    guard (try? Self.isInPlace(file, directory)) == true else { return }
    try? fileSystem.unlink(Self.holderPath(directory))
    if !leavesFile { try? fileSystem.unlink(Self.path(directory)) }
  }
}

// MARK: Locking

extension DirectoryLock {
  private enum Attempt {
    case taken(OpenFile)
    case held(OpenFile)
    /// Locked, and no longer what is found by the name: whoever had it before has removed it.
    case replaced
  }

  static func path(_ directory: String) -> String { directory + "/" + LogFileNames.lock }

  private static func attempt(
    in directory: String, _ fileSystem: any FileSystem
  ) throws(SystemError) -> Attempt {
    let file = try OpenFile(path(directory), .writingOrCreating, in: fileSystem)
    do throws(SystemError) {
      try file.lock()
    } catch {
      // POSIX lets a system say it in either way.
      guard error.errno == .again || error.errno == .accessDenied else { throw error }
      return .held(file)
    }
    return try isInPlace(file, directory) ? .taken(file) : .replaced
  }

  /// Whether a file is the one that others find.
  private static func isInPlace(
    _ file: OpenFile, _ directory: String
  ) throws(SystemError) -> Bool {
    let own = try file.status()
    do throws(SystemError) {
      let found = try file.fileSystem.status(at: path(directory))
      return found.inode == own.inode && found.device == own.device
    } catch {
      guard error.errno == .noSuchFile else { throw error }
      return false
    }
  }
}
