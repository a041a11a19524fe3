internal import VarveSystem

// What lies beside a lock, to say whose it is.

extension DirectoryLock {
  static func holderPath(_ directory: String) -> String {
    directory + "/" + LogFileNames.holder
  }

  /// Says who has the lock. Where that cannot be said, on a full device, perhaps, the lock is as
  /// good as ever.
  func writeNote(lockedAt time: Timestamp) {
    let path = Self.holderPath(directory)
    do throws(SystemError) {
      let note = HolderNote(process: try fileSystem.currentProcess(), lockedAt: time)
      let text = Array(note.text.utf8)
      let file = try OpenFile(path, .writingOrCreating, in: fileSystem)
      try file.write(unsafe text.span.bytes, at: 0)
      // An older one may have been longer.
      try file.truncate(to: text.count)
    } catch {
      // No word rather than that of somebody else.
      try? fileSystem.unlink(path)
    }
  }

  /// What the holder says of itself, if anything that can be understood.
  static func readNote(in directory: String, _ fileSystem: any FileSystem) -> HolderNote? {
    guard let file = try? OpenFile(holderPath(directory), .reading, in: fileSystem) else {
      return nil
    }
    let storage = ByteStorage(capacity: LogLimits.holderNoteByteCount)
    guard let count = try? unsafe file.read(into: storage.memory, at: 0) else { return nil }
    // SAFETY: within the storage, of which `count` bytes were read.
    let bytes = unsafe UnsafeRawBufferPointer(start: storage.base, count: count)
    let text = unsafe String(decoding: bytes, as: UTF8.self)
    return withExtendedLifetime(storage) { HolderNote(parsing: text) }
  }
}
