internal import VarveSystem

// Who has a lock that was not to be had.

extension DirectoryLock {
  /// The error that says who has the lock of a file, or that the file was another one each time.
  static func refusal(
    of file: OpenFile?, in directory: String
  ) throws(SystemError) -> LogError {
    guard let file else {
      return LogError(
        .retry, "others take the lock of the directory \(directory) and give it back all the time")
    }
    let fileSystem = file.fileSystem
    switch try file.lockOwner() {
    case .process(let number):
      // Not one of ours: what a note says is of before.
      return locked(
        directory, "process \(number), which is not Varve's, holds it",
        LockHolder(processID: number))
    case .nobody, .untold:
      guard let note = readNote(in: directory, fileSystem) else {
        return locked(directory, "a process holds it that does not say who it is", nil)
      }
      let holder = LockHolder(note, hasEnded: fileSystem.hasEnded(note.process))
      let isOwn = note.process == (try? fileSystem.currentProcess())
      return locked(directory, isOwn ? "this process holds it already" : holder.sentence, holder)
    }
  }

  private static func locked(
    _ directory: String, _ reason: String, _ holder: LockHolder?
  ) -> LogError {
    LogError(
      .locked, "the directory \(directory) is locked: \(reason)",
      systemCall: LogError.SystemCall(
        name: SystemCall.lock.rawValue, errno: Errno.again.rawValue),
      holder: holder)
  }
}

extension LockHolder {
  fileprivate init(_ note: HolderNote, hasEnded: Bool) {
    self.init(
      processID: note.process.number, host: note.process.hostName, lockedAt: note.lockedAt,
      library: note.library, hasEnded: hasEnded)
  }

  fileprivate var sentence: String {
    let process = "process \(processID)" + (host.map { " on \($0)" } ?? "")
    guard hasEnded else { return process + " holds it" }
    return process + " took it and has ended, and a child that it forked may hold it still"
  }
}
