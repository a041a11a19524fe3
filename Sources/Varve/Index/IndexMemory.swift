internal import Synchronization
internal import VarveSystem

// SAFETY: entries are stored by one thread at a time, the one that holds the append lock, behind
// those that are counted; an entry is counted, with a release store, after its bytes are in place,
// and never changes again. The memory is given back in deinit alone.
/// The two indexes of a segment, in memory, in the form in which their files have them.
///
/// A segment that is being written keeps them here alone: Kafka maps its index files, sparse and
/// zero-filled, and what a crash leaves of that looks like entries. The files are written when the
/// segment is sealed, whole. Readers search here without a lock.
@safe
final class IndexMemory: @unchecked Sendable {
  let baseOffset: Offset
  let offsetEntryLimit: Int
  let timeEntryLimit: Int
  private let memory: AnonymousMemory
  private let timeStart: Int
  // Beside the memory that it is of: Swift 6.3.1 cannot compile a span getter at -O that loads its
  // pointer out of another object.
  private let start: UnsafeRawPointer
  private let offsetEntryCount = Atomic<Int>(0)
  private let timeEntryCount = Atomic<Int>(0)

  /// Room for so many entries, in memory that may have been made beforehand.
  init(
    baseOffset: Offset, limits: IndexLimits, memory: AnonymousMemory
  ) {
    self.baseOffset = baseOffset
    offsetEntryLimit = limits.offsetEntries
    timeEntryLimit = limits.timeEntries
    timeStart = limits.timeStart
    self.memory = memory
    unsafe start = UnsafeRawPointer(memory.base)
  }

  /// Room for so many entries.
  convenience init(baseOffset: Offset, limits: IndexLimits) throws(SystemError) {
    self.init(baseOffset: baseOffset, limits: limits, memory: try limits.makeMemory())
  }
}

// MARK: Writing, under the append lock

extension IndexMemory {
  /// Adds an entry; false if there is no room, or if it does not lie behind the last one.
  @discardableResult
  func append(_ entry: OffsetIndexEntry) -> Bool {
    let count = offsetEntryCount.load(ordering: .relaxed)
    guard count < offsetEntryLimit, count == 0 || entry.follows(offsets[count - 1]),
      let bytes = try? entry.encoded(relativeTo: baseOffset)
    else { return false }
    // SAFETY: there is room, by the guard.
    unsafe memory.base.storeBytes(
      of: bytes, toByteOffset: count * OffsetIndexEntry.byteCount,
      as: InlineArray<8, UInt8>.self)
    offsetEntryCount.store(count + 1, ordering: .releasing)
    return true
  }

  /// Adds an entry, as far as it says more than the last one, and there is room.
  ///
  /// - Parameter isFinal: Whether it may take the room that is kept for the last one.
  func append(_ entry: TimeIndexEntry, isFinal: Bool = false) {
    let count = timeEntryCount.load(ordering: .relaxed)
    guard count < (isFinal ? timeEntryLimit : timeEntryLimit - 1),
      entry.timestamp.rawValue >= 0, count == 0 || entry.follows(times[count - 1]),
      let bytes = try? entry.encoded(relativeTo: baseOffset)
    else { return }
    // SAFETY: there is room, by the guard.
    unsafe memory.base.storeBytes(
      of: bytes, toByteOffset: timeStart + count * TimeIndexEntry.byteCount,
      as: InlineArray<12, UInt8>.self)
    timeEntryCount.store(count + 1, ordering: .releasing)
  }
}

// MARK: Reading, by any thread

extension IndexMemory {
  /// The entries of the offset index so far.
  var offsets: OffsetIndexView {
    @_lifetime(borrow self) get {
      let count = offsetEntryCount.load(ordering: .acquiring)
      // SAFETY: counted entries do not change, and the memory lives as long as self.
      let bytes = unsafe RawSpan(
        _unsafeStart: start, byteCount: count * OffsetIndexEntry.byteCount)
      return unsafe _overrideLifetime(
        OffsetIndexView(bytes, baseOffset: baseOffset), borrowing: self)
    }
  }

  /// The entries of the time index so far.
  var times: TimeIndexView {
    @_lifetime(borrow self) get {
      let count = timeEntryCount.load(ordering: .acquiring)
      // SAFETY: as above.
      let bytes = unsafe RawSpan(
        _unsafeStart: start + timeStart, byteCount: count * TimeIndexEntry.byteCount)
      return unsafe _overrideLifetime(
        TimeIndexView(bytes, baseOffset: baseOffset), borrowing: self)
    }
  }

  /// The bytes of the offset index's file.
  var offsetBytes: RawSpan { @_lifetime(borrow self) get { offsets.bytes } }
  /// The bytes of the time index's file.
  var timeBytes: RawSpan { @_lifetime(borrow self) get { times.bytes } }

  /// The greatest timestamp, by the last entry.
  var maxTimestamp: Timestamp { times.last?.timestamp ?? .none }

  var offsetCount: Int { offsetEntryCount.load(ordering: .acquiring) }
  var timeCount: Int { timeEntryCount.load(ordering: .acquiring) }

  /// Bytes of the larger one of both.
  var largerByteCount: Int {
    max(offsetCount * OffsetIndexEntry.byteCount, timeCount * TimeIndexEntry.byteCount)
  }

  /// Bytes that the entries take.
  var byteCount: Int {
    offsetCount * OffsetIndexEntry.byteCount + timeCount * TimeIndexEntry.byteCount
  }
}

// MARK: Files

extension IndexMemory {
  /// The entries that belong to the segment when it ends here: what lies behind is dropped.
  ///
  /// Only before anyone else sees this object.
  func cut(to end: SegmentEnd) {
    offsetEntryCount.store(
      offsets.prefixCount { $0.offset < end.offset && $0.position < end.position },
      ordering: .releasing)
    timeEntryCount.store(times.prefixCount { $0.offset < end.offset }, ordering: .releasing)
  }

  /// Takes back the last entry that a closed segment's time index has for its end, so that the
  /// segment can be written on: closed and opened again and again, it would else run out of room.
  ///
  /// Only before anyone else sees this object.
  func reopen() {
    // All other entries were made together with one of the offset index.
    let last = offsets.last?.offset
    timeEntryCount.store(
      times.prefixCount { entry in last.map { entry.offset <= $0 } ?? false },
      ordering: .releasing)
  }

  /// Takes over the bytes of both files; false if one of them cannot be right.
  ///
  /// - Parameter end: Entries beyond it speak of another segment.
  func load(
    offsets offsetFile: OpenFile, times timeFile: OpenFile, end: SegmentEnd
  ) throws(SystemError) -> Bool {
    let offsetBytes = try offsetFile.status().byteCount
    let timeBytes = try timeFile.status().byteCount
    guard offsetBytes % OffsetIndexEntry.byteCount == 0,
      timeBytes % TimeIndexEntry.byteCount == 0,
      offsetBytes <= offsetEntryLimit * OffsetIndexEntry.byteCount,
      timeBytes <= timeEntryLimit * TimeIndexEntry.byteCount
    else { return false }
    // SAFETY: there is room, by the guard.
    let offsetsRead = try unsafe offsetFile.read(
      into: UnsafeMutableRawBufferPointer(start: memory.base, count: offsetBytes), at: 0)
    let timesRead = try unsafe timeFile.read(
      into: UnsafeMutableRawBufferPointer(start: memory.base + timeStart, count: timeBytes), at: 0)
    guard offsetsRead == offsetBytes, timesRead == timeBytes else { return false }
    offsetEntryCount.store(offsetBytes / OffsetIndexEntry.byteCount, ordering: .releasing)
    timeEntryCount.store(timeBytes / TimeIndexEntry.byteCount, ordering: .releasing)
    return isSound(end)
  }

  private func isSound(_ end: SegmentEnd) -> Bool {
    guard offsets.soundCount == offsets.count, times.soundCount == times.count else { return false }
    if let last = offsets.last, last.offset >= end.offset || last.position >= end.position {
      return false
    }
    return times.last.map { $0.offset < end.offset } ?? true
  }
}

/// How many entries the indexes of a segment may have.
struct IndexLimits: Hashable, Sendable {
  var offsetEntries: Int
  var timeEntries: Int
}

extension IndexLimits {
  /// By bytes, as Kafka counts; but no segment has more entries than intervals.
  init(_ configuration: LogConfiguration, segmentByteCount: Int) {
    let interval = max(1, configuration.indexIntervalByteCount)
    let needed = segmentByteCount / interval + 2
    self.init(
      offsetEntries: min(configuration.indexByteCount / OffsetIndexEntry.byteCount, needed),
      timeEntries: min(configuration.indexByteCount / TimeIndexEntry.byteCount, needed + 1))
  }

  /// Where the time index begins: on a page of its own, so that growing one index touches no page
  /// of the other.
  var timeStart: Int {
    let page = MemoryPage.byteCount
    return (offsetEntries * OffsetIndexEntry.byteCount + page - 1) / page * page
  }

  /// Memory for both, which takes no space before it is used.
  func makeMemory() throws(SystemError) -> AnonymousMemory {
    try AnonymousMemory(
      byteCount: max(
        MemoryPage.byteCount, timeStart + timeEntries * TimeIndexEntry.byteCount))
  }
}
