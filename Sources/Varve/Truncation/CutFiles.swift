internal import VarveSystem

/// Cuts a log on disk.
///
/// Published bytes never change: what is kept of the last segment is written to a new file, which takes
/// the old one's name. Whoever holds the old one, or has it in a socket, keeps its bytes.
///
/// First comes what may fail, which is then on the device; then the side file says that the log is cut;
/// then names change. So there is no space needed for what must still be done, and a crash leaves the
/// log as it was, or one that the next opening cuts.
struct CutFiles {
  let directory: String
  let fileSystem: any FileSystem

  private func path(_ cut: LogCut) -> SegmentPath {
    SegmentPath(directory: directory, baseOffset: cut.end.segmentBase)
  }

  /// Writes what is kept of the last segment, beside it. When this returns, that is on the device.
  func prepare(_ cut: LogCut, from old: OpenFile?) throws(SystemError) -> OpenFile {
    let beside = SegmentPath.beside(path(cut).log)
    do throws(SystemError) {
      let file = try OpenFile(beside, .writingOrCreating, in: fileSystem)
      try file.truncate(to: 0)
      if let old { try copy(old, to: file, byteCount: cut.end.position) }
      try file.syncData()
      try fileSystem.syncDirectory(directory)
      return file
    } catch {
      try? fileSystem.unlink(beside)
      throw error
    }
  }

  private func copy(
    _ old: OpenFile, to file: OpenFile, byteCount: Int
  ) throws(SystemError) {
    let buffer = ByteStorage(capacity: LogLimits.readByteCount)
    var position = 0
    while position < byteCount {
      // SAFETY: within the buffer, which nobody else has.
      let memory = unsafe UnsafeMutableRawBufferPointer(
        start: buffer.base, count: min(buffer.capacity, byteCount - position))
      let count = try unsafe old.read(into: memory, at: position)
      guard count > 0 else { throw SystemError(.read, .inputOutput) }
      try unsafe file.write(
        from: UnsafeRawBufferPointer(rebasing: memory[..<count]), at: position)
      position += count
    }
  }

  /// Takes the names away of what is cut off, and gives the last segment its new file. When this
  /// returns, the names are on the device.
  func complete(_ cut: LogCut) throws(SystemError) {
    let names = try fileSystem.list(directory).compactMap { SegmentFileName(parsing: $0) }
    // The last ones first: what a reader in another process then sees is a shorter log.
    for name in names.sorted(by: { $0.offset > $1.offset }) where isGone(name, cut) {
      try fileSystem.unlink(directory + "/" + name.description)
    }
    let path = path(cut).log
    if try isThere(SegmentPath.beside(path)) {
      try fileSystem.rename(SegmentPath.beside(path), to: path)
    }
    try fileSystem.syncDirectory(directory)
  }

  private func isGone(_ name: SegmentFileName, _ cut: LogCut) -> Bool {
    guard name.transition == nil else { return false }
    switch name.kind {
    case .log, .transactionIndex: return !cut.keeps(name.offset)
    // A segment that is written has none on disk.
    case .offsetIndex, .timeIndex:
      return !cut.keeps(name.offset) || name.offset == cut.end.segmentBase
    case .producerSnapshot: return cut.isFresh || name.offset > cut.end.offset
    }
  }

  private func isThere(_ path: String) throws(SystemError) -> Bool {
    do throws(SystemError) {
      _ = try fileSystem.status(at: path)
      return true
    } catch {
      guard error.errno == .noSuchFile else { throw error }
      return false
    }
  }
}
