internal import VarveSystem

// SAFETY: `base` is that of `buffer`, which this walk alone has; `count` bytes of it were read.
/// Goes from batch to batch of a segment by their headers, with reads no larger than it takes.
///
/// A look-up is about one batch, so only that one is compared with its checksum, by whoever takes
/// it; on the way there, offsets must increase.
@safe
struct HeaderWalk: ~Copyable {
  private let file: OpenFile
  private let limit: Int
  private let pool: BufferPool
  private var buffer: ByteStorage
  private var base: UnsafeMutableRawPointer
  /// Which position lies at the start of the buffer, and how many bytes there are.
  private var start: Int
  private var count = 0
  /// Where the batch behind that one begins, and the least offset that it may have.
  private(set) var nextPosition: Int
  private(set) var nextOffset: Offset
  /// How many bytes are read if some must be.
  private var readAhead: Int

  /// Where the batch begins that ``advance()`` found, and its header.
  private(set) var position: Int
  private(set) var header: BatchHeader?

  init(
    _ file: OpenFile, from position: Int, firstOffset: Offset, limit: Int, readAhead: Int,
    buffers: BufferPool
  ) {
    self.file = file
    self.limit = limit
    pool = buffers
    let buffer = buffers.take(LogLimits.lookupByteCount)
    self.buffer = buffer
    unsafe base = buffer.base
    start = position
    self.position = position
    nextPosition = position
    nextOffset = firstOffset
    self.readAhead = readAhead
  }

  deinit { pool.giveBack(buffer) }

  /// Goes to the next batch; false at the limit. The limit is where a batch was published, so there
  /// one has to end.
  mutating func advance() throws(LogError) -> Bool {
    let needed = FormatLimits.batchHeaderByteCount
    guard nextPosition < limit else { return false }
    guard limit - nextPosition >= needed else { throw notWhole(needed) }
    try load(nextPosition, needed)
    let header = try BatchHeader(parsing: bytes(nextPosition, needed), at: 0)
    guard header.baseOffset >= nextOffset else {
      throw .breach(
        .offsetsIncrease, atByte: nextPosition,
        "it begins at \(header.baseOffset), \(nextOffset) is next")
    }
    guard header.byteCount <= limit - nextPosition else { throw notWhole(header.byteCount) }
    position = nextPosition
    self.header = header
    nextPosition += header.byteCount
    nextOffset = header.nextOffset
    return true
  }

  private func notWhole(_ byteCount: Int) -> LogError {
    .breach(
      .batchIsComplete, atByte: nextPosition,
      "\(byteCount) bytes are needed, \(limit - nextPosition) are there")
  }

  /// From here on, reads as much at once as the buffer holds.
  mutating func hurry() { readAhead = buffer.capacity }

  /// Reads the whole batch that was found last, for ``batch``.
  mutating func loadBatch() throws(LogError) {
    guard let header else { return }
    if header.byteCount > buffer.capacity {
      buffer = ByteStorage(capacity: header.byteCount)
      unsafe base = buffer.base
      count = 0
    }
    try load(position, header.byteCount)
  }

  /// The batch that was found last, once it has been loaded.
  var batch: BatchView {
    @_lifetime(borrow self) get {
      let view = BatchView(trusted: bytes(position, header?.byteCount ?? 0))
      return unsafe _overrideLifetime(view, borrowing: self)
    }
  }

  /// Sees to it that these bytes are in the buffer.
  @inline(__always)
  private mutating func load(_ position: Int, _ needed: Int) throws(LogError) {
    guard position < start || position &+ needed > start &+ count else { return }
    try read(position, needed)
  }

  private mutating func read(_ position: Int, _ needed: Int) throws(LogError) {
    let wanted = min(max(needed, readAhead), limit - position, buffer.capacity)
    do throws(SystemError) {
      // SAFETY: within the buffer.
      count = try unsafe file.read(
        into: UnsafeMutableRawBufferPointer(start: base, count: wanted), at: position)
    } catch {
      count = 0
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
    let span = unsafe RawSpan(_unsafeStart: base + (position - start), byteCount: count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }
}
