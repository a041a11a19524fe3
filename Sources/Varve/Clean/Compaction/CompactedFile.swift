internal import VarveSystem

// SAFETY: the buffer is this object's alone, and `filledCount` is never more than it has room for.
/// The log of a segment that compaction writes, under the name that says so.
@safe
final class CompactedFile {
  let file: OpenFile
  private let pace: CompactionPace
  private let buffer = ByteStorage(capacity: LogLimits.compactionByteCount)
  private var filledCount = 0
  private var writtenCount = 0

  init(_ file: OpenFile, _ pace: CompactionPace) {
    self.file = file
    self.pace = pace
  }

  /// Bytes of it so far.
  var byteCount: Int { writtenCount + filledCount }

  /// Appends a batch.
  func append(_ bytes: RawSpan) throws(LogError) {
    if bytes.byteCount > buffer.capacity - filledCount { try flush() }
    guard bytes.byteCount <= buffer.capacity else { return try write(bytes) }
    // SAFETY: there is room, by the guard.
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      unsafe (buffer.base + filledCount).copyMemory(from: start, byteCount: source.count)
    }
    filledCount += bytes.byteCount
  }

  /// Appends the first bytes of a segment, as they are.
  func append(first byteCount: Int, of segment: OpenFile) throws(LogError) {
    try flush()
    while writtenCount < byteCount {
      let wanted = min(buffer.capacity, byteCount - writtenCount)
      do throws(SystemError) {
        // SAFETY: within the buffer, which nobody else has.
        filledCount = try unsafe segment.read(
          into: UnsafeMutableRawBufferPointer(start: buffer.base, count: wanted), at: writtenCount)
        guard filledCount > 0 else { throw SystemError(.read, .inputOutput) }
      } catch {
        throw LogError(error, "read a segment")
      }
      try flush()
    }
  }

  /// Hands all bytes to the file.
  func flush() throws(LogError) {
    guard filledCount > 0 else { return }
    do throws(SystemError) {
      // SAFETY: so many bytes of the buffer are there, which self keeps for the call.
      try unsafe file.write(
        from: UnsafeRawBufferPointer(start: buffer.base, count: filledCount), at: writtenCount)
    } catch {
      throw failure(error)
    }
    try didWrite(filledCount)
    filledCount = 0
  }

  /// What does not fit into the buffer.
  private func write(_ bytes: RawSpan) throws(LogError) {
    do throws(SystemError) {
      try file.write(bytes, at: writtenCount)
    } catch {
      throw failure(error)
    }
    try didWrite(bytes.byteCount)
  }

  private func didWrite(_ count: Int) throws(LogError) {
    writtenCount += count
    try pace.take(count)
  }

  private func failure(_ error: SystemError) -> LogError {
    LogError(error, "write what compaction leaves of a segment")
  }
}
