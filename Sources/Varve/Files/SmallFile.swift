internal import VarveSystem

/// A file that is read and written whole: a checkpoint, a snapshot, a note of whose directory it is.
struct SmallFile {
  let path: String
  let fileSystem: any FileSystem

  /// Where it is written before it takes its name, as Kafka has it.
  var temporaryPath: String { path + CheckpointName.temporarySuffix }

  private var directory: String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }
}

// MARK: Writing

extension SmallFile {
  /// Writes the file whole. When this returns, it is on the device under its name. Where it throws,
  /// the file is the old one or the new one, and whole.
  func write(_ bytes: [UInt8]) throws(LogError) {
    do throws(SystemError) {
      try replace(with: bytes)
      try fileSystem.syncDirectory(directory)
    } catch {
      throw LogError(error, "write \(path)")
    }
  }

  private func replace(with bytes: [UInt8]) throws(SystemError) {
    do throws(SystemError) {
      try FileReplacement(path: path, beside: temporaryPath, fileSystem: fileSystem).replace {
        file throws(SystemError) in
        try file.write(unsafe bytes.span.bytes, at: 0)
      }
    } catch {
      // Half a file is of use to nobody, and on a full device in the way. After a failed sync a
      // second one of the same file would mean nothing.
      try? fileSystem.unlink(temporaryPath)
      throw error
    }
  }
}

// MARK: Reading

extension SmallFile {
  /// All bytes of the file; nil if there is none.
  ///
  /// - Parameter limit: How many there may be: no more are read into memory.
  /// - Throws: ``LogError/Code/unsupported`` where there are more than anybody writes.
  func read(limit: Int) throws(LogError) -> [UInt8]? {
    let found: [UInt8]?
    do throws(SystemError) {
      found = try bytes(limit: limit)
    } catch {
      if error == SystemError(.open, .noSuchFile) { return nil }
      throw LogError(error, "read \(path)")
    }
    guard let found else {
      throw LogError(.unsupported, "\(path) has more than the \(limit) bytes that are read of it")
    }
    return found
  }

  /// All bytes; nil if there are more.
  func bytes(limit: Int) throws(SystemError) -> [UInt8]? {
    let file = try OpenFile(path, .reading, in: fileSystem)
    let byteCount = try file.status().byteCount
    guard byteCount <= limit else { return nil }
    // One byte more, so that a file shows that has grown since.
    let storage = ByteStorage(capacity: byteCount + 1)
    let count = try unsafe file.read(into: storage.memory, at: 0)
    guard count <= byteCount else { return nil }
    // SAFETY: within the storage, of which `count` bytes were read.
    let bytes = unsafe UnsafeRawBufferPointer(start: storage.base, count: count)
    return withExtendedLifetime(storage) { unsafe Array(bytes) }
  }
}
