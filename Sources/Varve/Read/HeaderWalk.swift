internal import VarveSystem

/// Goes from batch to batch of a segment by their headers, with reads no larger than it takes.
///
/// A look-up is about one batch, so only that one is compared with its checksum, by whoever takes
/// it; on the way there, offsets must increase.
struct HeaderWalk: ~Copyable {
  private let file: OpenFile
  private let limit: Int
  private let buffer: ByteStorage
  /// Which position lies at the start of the buffer, and how many bytes there are.
  private var start: Int
  private var count = 0
  private var nextPosition: Int
  private var nextOffset: Offset

  init(
    _ file: OpenFile, from position: Int, firstOffset: Offset, limit: Int, buffer: ByteStorage
  ) {
    self.file = file
    self.limit = limit
    self.buffer = buffer
    start = position
    nextPosition = position
    nextOffset = firstOffset
  }

  /// A batch on the way.
  struct Stop {
    let position: Int
    let header: BatchHeader
  }

  /// The next batch, by its header; nil at the limit.
  ///
  /// The limit is where a batch was published, so there it has to end.
  ///
  /// - Parameter readAhead: How many bytes to read if some must be.
  mutating func next(readAhead: Int) throws(LogError) -> Stop? {
    guard nextPosition < limit else { return nil }
    let needed = FormatLimits.batchHeaderByteCount
    guard limit - nextPosition >= needed else { throw notWhole(needed) }
    try load(nextPosition, needed, readAhead: readAhead)
    let header = try BatchHeader(parsing: bytes(nextPosition, needed), at: 0)
    guard header.baseOffset >= nextOffset else {
      throw .breach(
        .offsetsIncrease, atByte: nextPosition,
        "it begins at \(header.baseOffset), \(nextOffset) is next")
    }
    guard header.byteCount <= limit - nextPosition else { throw notWhole(header.byteCount) }
    defer {
      nextPosition += header.byteCount
      nextOffset = header.nextOffset
    }
    return Stop(position: nextPosition, header: header)
  }

  private func notWhole(_ byteCount: Int) -> LogError {
    .breach(
      .batchIsComplete, atByte: nextPosition,
      "\(byteCount) bytes are needed, \(limit - nextPosition) are there")
  }

  /// Reads the whole batch at a stop, for ``batch(at:)``; false where it is larger than the buffer.
  mutating func load(_ stop: Stop) throws(LogError) -> Bool {
    guard stop.header.byteCount <= buffer.capacity else { return false }
    try load(stop.position, stop.header.byteCount, readAhead: 0)
    return true
  }

  /// The batch at a stop that has been loaded.
  @_lifetime(borrow self)
  func batch(at stop: Stop) -> BatchView {
    let view = BatchView(trusted: bytes(stop.position, stop.header.byteCount))
    return unsafe _overrideLifetime(view, borrowing: self)
  }

  /// Sees to it that these bytes are in the buffer.
  private mutating func load(
    _ position: Int, _ needed: Int, readAhead: Int
  ) throws(LogError) {
    guard position < start || position + needed > start + count else { return }
    let wanted = min(max(needed, readAhead), limit - position, buffer.capacity)
    do throws(SystemError) {
      // SAFETY: within the buffer, which is this walk's alone.
      count = try unsafe file.read(
        into: UnsafeMutableRawBufferPointer(start: buffer.base, count: wanted), at: position)
    } catch {
      throw LogError(error, "read the log")
    }
    start = position
    guard count >= needed else {
      throw LogError(
        .corrupt, "the file ends at \(position + count), \(position + needed) bytes were there")
    }
  }

  @_lifetime(borrow self)
  private func bytes(_ position: Int, _ count: Int) -> RawSpan {
    // SAFETY: `load` has seen to it that they are there.
    let start = unsafe UnsafeRawPointer(buffer.base + (position - start))
    let span = unsafe RawSpan(_unsafeStart: start, byteCount: count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }
}
