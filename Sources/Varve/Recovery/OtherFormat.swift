internal import VarveSystem

/// Looks whether what stands in the place of a batch is of a format that no log takes: messages from
/// before Kafka 0.11, or batches of a version that is not known.
///
/// What a crash leaves at a log's end may have any byte where the version stands. So a message counts
/// by its checksum alone; and batches of a later version, whose checksum nobody knows, where they
/// follow each other, in a log that is not known to be ours.
struct OtherFormat {
  let file: OpenFile
  let byteCount: Int
  /// Whether the log is known to be ours.
  let isKnown: Bool

  /// Messages that are looked at for one that is whole: the first ones may be damaged.
  private static let messageCount = 8

  /// Of which version that is which begins at a position; nil where it is not of another one.
  ///
  /// - Parameter offset: The first offset that a batch there may have.
  func version(at position: Int, from offset: Offset) throws(SystemError) -> Int8? {
    guard let first = try frame(at: position) else { return nil }
    if first.isLegacy { return try hasMessage(from: position) ? first.magic : nil }
    guard first.isLater, !isKnown, first.offset >= offset,
      let second = try frame(at: position + first.byteCount)
    else { return nil }
    return second.magic == first.magic && second.offset > first.offset ? first.magic : nil
  }

  /// Whether one of the messages from a position on is whole.
  private func hasMessage(from start: Int) throws(SystemError) -> Bool {
    var position = start
    for _ in 0..<Self.messageCount {
      guard let frame = try frame(at: position), frame.isLegacy else { return false }
      let end = position + frame.byteCount
      let sum = try checksum(of: position + FormatFrame.messageChecksummedFrom..<end)
      if sum == frame.messageChecksum { return true }
      position = end
    }
    return false
  }

  /// How that begins which begins at a position, if all of it is there.
  private func frame(at position: Int) throws(SystemError) -> FormatFrame? {
    let buffer = ByteStorage(capacity: FormatFrame.fieldByteCount)
    let count = try unsafe file.read(into: buffer.memory, at: position)
    // SAFETY: so much of the buffer was read, and it outlives the span.
    defer { withExtendedLifetime(buffer) {} }
    let bytes = unsafe RawSpan(_unsafeStart: buffer.base, byteCount: count)
    guard let frame = FormatFrame(parsing: bytes), frame.byteCount <= byteCount - position else {
      return nil
    }
    return frame
  }

  private func checksum(of range: Range<Int>) throws(SystemError) -> UInt32? {
    var (position, sum) = (range.lowerBound, UInt32(0))
    let buffer = ByteStorage(capacity: min(range.count, LogLimits.readByteCount))
    while position < range.upperBound {
      // SAFETY: within the buffer, which nobody else has.
      let memory = unsafe UnsafeMutableRawBufferPointer(
        start: buffer.base, count: min(buffer.capacity, range.upperBound - position))
      let count = try unsafe file.read(into: memory, at: position)
      guard count > 0 else { return nil }
      // SAFETY: so much of the buffer was read.
      let bytes = unsafe RawSpan(_unsafeStart: buffer.base, byteCount: count)
      sum = CRC32.checksum(of: bytes, continuing: sum)
      position += count
    }
    return sum
  }
}

extension OtherFormat {
  /// Why a log with such a segment is not opened to write.
  static func refusal(of path: String, version: Int8) -> LogError {
    let what =
      LegacyFormat(rawValue: version) == nil
      ? "batches of format \(version), which is not known"
      : "messages of format \(version), from before Kafka 0.11, which no log takes: "
        + "'varve export' converts them"
    return LogError(.unsupported, "\(path) holds \(what)")
  }
}
