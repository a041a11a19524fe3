internal import VarveSystem

// SAFETY: `base` is that of `storage`, which this struct owns or shares, and of which `filledCount`
// bytes are there. They are written by `fill` alone, and only while nobody else has the storage.
/// The batches of a segment one after the other, read a few hundred KiB at a time by positional
/// reads: what is wrong with a disk is an error here, and not a signal.
///
/// It looks at what is there and asks for more, so that whoever reads decides how: on this thread,
/// or only as far as no device must be waited for.
@safe
struct BatchStream: ~Copyable {
  /// What ``advance()`` found.
  enum Step {
    /// A batch, see ``BatchStream/current``.
    case batch
    /// More bytes are needed: ``BatchStream/fill(from:isResident:)``.
    case needsBytes
    /// There is no further whole batch below the limit.
    case end
  }

  let baseOffset: Offset
  /// Where the next batch begins.
  private(set) var position: Int
  /// Up to where the segment may be read.
  var limit: Int
  private(set) var chain: BatchChain

  private(set) var storage: ByteStorage
  private var base: UnsafeMutableRawPointer
  /// Which position of the segment lies at the start of the storage, and how many bytes there are.
  private var start: Int
  private var filledCount = 0
  /// The batch that ``advance()`` found last, in the storage.
  private(set) var batchStart = 0
  /// The header of the batch that was found last.
  private(set) var currentHeader = BatchHeader.unread
  /// Where the stream began; the offset and the epoch that came before the batch that was found last.
  private let first: Int
  private var previous: (nextOffset: Offset, epoch: LeaderEpoch)
  private var neededCount = 0
  /// Bytes that were read so far: some twice, where a batch lay across the end of what was there.
  private(set) var readByteCount = 0
  /// The most that is read at a time.
  private let chunkByteCount: Int

  /// A stream of the batches from `position` on, where one begins.
  init(
    baseOffset: Offset, from position: Int, limit: Int, chain: BatchChain,
    chunkByteCount: Int = LogLimits.readByteCount, storage: ByteStorage? = nil
  ) {
    self.baseOffset = baseOffset
    self.position = position
    self.limit = limit
    self.chain = chain
    self.chunkByteCount = chunkByteCount
    let storage =
      storage ?? ByteStorage(capacity: Self.capacity(limit - position, chunkByteCount))
    self.storage = storage
    unsafe base = storage.base
    start = position
    first = position
    previous = (chain.nextOffset, chain.leaderEpoch)
  }

  private static func capacity(_ wanted: Int, _ most: Int) -> Int {
    max(FormatLimits.batchHeaderByteCount, min(wanted, most))
  }

  /// The bytes that are there from ``position`` on.
  private var rest: RawSpan {
    @_lifetime(borrow self) get { unsafe span(position - start, filledCount - (position - start)) }
  }

  /// The batch that was found last.
  var current: BatchView {
    @_lifetime(borrow self) get {
      // SAFETY: `advance` has looked at its header, and all its bytes are there.
      let view = BatchView(trusted: unsafe span(batchStart, currentHeader.byteCount))
      return unsafe _overrideLifetime(view, borrowing: self)
    }
  }

  /// Where the batch that was found last begins in the segment.
  var batchPosition: Int { start + batchStart }

  /// The header of the batch that ``advance()`` refused because it does not fit behind the one before
  /// it; nil where what is there is no whole batch.
  var headerAhead: BatchHeader? {
    guard let header = try? BatchHeader(parsing: rest, at: 0),
      header.byteCount <= filledCount - (position - start)
    else { return nil }
    let batch = BatchView(trusted: rest.slice(0, count: header.byteCount))
    return (try? batch.checkIntegrity(header)) == nil ? nil : header
  }

  /// Whether the batch that was found last does not plainly follow the one before it: it leaves a gap,
  /// or another leader's reign begins with it.
  @inline(__always)
  var isBehindGap: Bool {
    currentHeader.baseOffset != previous.nextOffset || currentHeader.leaderEpoch != previous.epoch
  }

  /// The offset behind the batch before the one that was found last; nil for the first one of a stream that
  /// begins in the midst of a segment: that was found by the one before it.
  var expectedOffset: Offset? {
    first > 0 && batchPosition == first ? nil : previous.nextOffset
  }

  @unsafe @_lifetime(borrow self)
  private func span(_ from: Int, _ count: Int) -> RawSpan {
    let span = unsafe RawSpan(_unsafeStart: base + from, byteCount: count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }
}

// MARK: Going on

extension BatchStream {
  /// Goes to the next batch, if its bytes are there, and compares them with their checksum and with
  /// the chain.
  mutating func advance() throws(LogError) -> Step {
    let available = filledCount &- (position &- start)
    guard available >= FormatLimits.batchHeaderByteCount else { return try advanceAtEnd(available) }
    do throws(LogError) {
      // SAFETY: so many bytes of the storage are there.
      let bytes = unsafe RawSpan(_unsafeStart: base + (position &- start), byteCount: available)
      previous = (chain.nextOffset, chain.leaderEpoch)
      guard try chain.take(bytes, at: 0, &currentHeader) else {
        return askFor(currentHeader.byteCount)
      }
      batchStart = position &- start
      position &+= currentHeader.byteCount
      return .batch
    } catch {
      throw located(error)
    }
  }

  /// The same where there is no room for a whole header: what is there may still say that it is none.
  private mutating func advanceAtEnd(_ available: Int) throws(LogError) -> Step {
    let needed = FormatLimits.batchHeaderByteCount
    guard limit - position < needed else { return askFor(needed) }
    guard available >= limit - position else { return askFor(limit - position) }
    do throws(LogError) {
      _ = try BatchWalk(rest).nextByteCount()
    } catch {
      throw located(error)
    }
    return .end
  }

  private mutating func askFor(_ count: Int) -> Step {
    guard count <= limit - position, count > 0 else { return .end }
    neededCount = count
    return .needsBytes
  }

  private func located(_ error: LogError) -> LogError {
    LogError(
      error.code,
      "segment \(baseOffset), position \(position), where offset \(chain.nextOffset) is next: "
        + error.message, breach: error.breach)
  }
}

// MARK: Reading

extension BatchStream {
  /// Reads on from ``position``. False where that would have to wait for a device and must not; then
  /// nothing has changed.
  mutating func fill(
    from file: OpenFile, isResident: Bool = false
  ) throws(SystemError) -> Bool {
    let wanted = min(max(neededCount, chunkByteCount), limit - position)
    let room = makeRoom(wanted)
    // SAFETY: nobody else has the storage, and it has room for `wanted` bytes.
    let memory = unsafe UnsafeMutableRawBufferPointer(start: room.base, count: wanted)
    var count = 0
    if isResident {
      guard let found = try unsafe file.readResident(into: memory, at: position),
        found >= neededCount
      else { return false }
      count = found
    } else {
      count = try unsafe file.read(into: memory, at: position)
    }
    storage = room
    unsafe base = room.base
    start = position
    filledCount = count
    readByteCount += count
    if count < neededCount { limit = min(limit, position + count) }
    return true
  }

  /// Storage that is nobody else's, with room for so many bytes.
  private mutating func makeRoom(_ count: Int) -> ByteStorage {
    if storage.capacity >= count, isKnownUniquelyReferenced(&storage) { return storage }
    return ByteStorage(capacity: count)
  }

  /// Goes on behind a part of the segment that is lost.
  mutating func goOn(behind place: SegmentEnd, limit: Int) {
    self = BatchStream(
      baseOffset: baseOffset, from: place.position, limit: limit,
      chain: BatchChain(
        from: max(chain.nextOffset, place.offset), leaderEpoch: chain.leaderEpoch,
        continuity: chain.continuity),
      chunkByteCount: chunkByteCount, storage: storage)
  }

  /// Whether all bytes that are there have been gone through.
  var isAtLimit: Bool { position >= limit }
}
