internal import Synchronization
internal import VarveSystem

/// The one file of ours in a log's directory. Kafka does not know it, and it is only a cache: where
/// it is missing or wrong, opening takes longer.
///
/// Two slots, each on a page of its own, written in turn, so that a crash while one is written leaves
/// the other; a note that is not synced; and behind them an entry for each segment that is sealed.
///
/// That a log is open may be held back until something of it is to change: see ``sayOpen()``.
final class SideFile: Sendable {
  /// What the file says.
  struct Contents {
    var record: SideRecord
    var seals = SealList()
    /// What is lost of segments, by their bases.
    var damage: [Offset: [DamagedRange]] = [:]
    /// Both, as they stand there.
    fileprivate var entries: [SideEntry] = []
    fileprivate var generation: Int64

    /// What was on the device when the log was last written to, at the least.
    fileprivate(set) var durableEnd: Offset
  }

  private struct State {
    var record: SideRecord
    /// What takes its place with the next change, where it is held back that the log is open.
    var heldBack: SideRecord?
    var generation: Int64
    /// Up to where the file has space for entries.
    var byteCount: Int
  }

  private let resting: RestingFile
  /// The entries that there were when the file was opened.
  private let entries: [SideEntry]
  /// Held while the file is written and synced: by those who seal, and for no append but the first one.
  private let state: Lock<State>
  private let isHoldingBack = Atomic<Bool>(false)

  private static let pageByteCount = 4096
  private static let slotCount = 2
  private static let notePosition = slotCount * pageByteCount
  private static let entriesPosition = notePosition + pageByteCount

  private init(
    _ file: OpenFile, at path: String, _ record: SideRecord, generation: Int64, byteCount: Int,
    entries: [SideEntry]
  ) {
    resting = RestingFile(file, at: path)
    self.entries = entries
    state = Lock(State(record: record, generation: generation, byteCount: byteCount))
  }

  private var file: OpenFile { get throws(SystemError) { try resting.file } }

  /// Closes the file until it is needed again, unless it is needed just now.
  func rest() { state.withLockIfAvailable { _ in resting.rest() } }

  /// Whether it says that the log is closed.
  var saysClosed: Bool { state.withLock { $0.heldBack == nil && $0.record.state == .closed } }

  /// Up to where Kafka, which believes all below it, may believe what it finds: to the segment that is
  /// being written, and to the end of a log that was closed.
  var kafkaRecoveryPoint: Offset {
    let record = state.withLock { $0.heldBack ?? $0.record }
    return record.state == .closed ? record.durable.offset : record.sealedBelow
  }
}

// MARK: Opening

extension SideFile {
  private static func path(_ directory: String) -> String {
    directory + "/" + LogFileNames.sideFile
  }

  /// Opens the side file of a log, or makes one, and returns what it says, if anything.
  static func open(
    in directory: String, _ fileSystem: any FileSystem, bootID: BootID
  ) throws(SystemError) -> (SideFile, Contents?) {
    let file = try OpenFile(path(directory), .writingOrCreating, in: fileSystem)
    let found = try read(file)
    var byteCount = try file.status().byteCount
    // Space for all that must be written when there is none: on a full device too, a log is closed.
    let least = entriesPosition + pageByteCount
    if byteCount < least {
      let zeros = [UInt8](repeating: 0, count: least - byteCount)
      try file.write(unsafe zeros.span.bytes, at: byteCount)
      byteCount = least
    }
    let record =
      found?.record
      ?? SideRecord(
        state: .closed, bootID: bootID.rawValue, sealedBelow: 0,
        durable: DurableMark(offset: 0, segmentBase: 0, position: 0))
    let sideFile = SideFile(
      file, at: path(directory), record, generation: found?.generation ?? 0, byteCount: byteCount,
      entries: found?.entries ?? [])
    return (sideFile, found)
  }

  /// What the side file of a log says, if there is one. For those who only read.
  static func read(in directory: String, _ fileSystem: any FileSystem) -> Contents? {
    guard let file = try? OpenFile(path(directory), .reading, in: fileSystem) else { return nil }
    return (try? read(file)) ?? nil
  }

  private static func read(_ file: OpenFile) throws(SystemError) -> Contents? {
    let storage = ByteStorage(capacity: max(1, min(try file.status().byteCount, mostBytes)))
    let count = try unsafe file.read(into: storage.memory, at: 0)
    // SAFETY: `count` bytes of the storage were read, which outlives the call.
    let bytes = unsafe RawSpan(_unsafeStart: storage.base, byteCount: count)
    defer { withExtendedLifetime(storage) {} }
    return parse(bytes)
  }

  /// No log has more segments than this has room for: what is longer is not ours.
  private static let mostBytes = 1 << 30

  private static func parse(_ bytes: RawSpan) -> Contents? {
    var newest: Contents?
    for slot in 0..<slotCount {
      guard let part = bytes.part(slot * pageByteCount, SideRecord.byteCount),
        let found = SideRecord.parse(part), found.generation > newest?.generation ?? .min
      else { continue }
      newest = Contents(
        record: found.record, generation: found.generation,
        // What is deleted was durable first.
        durableEnd: max(
          found.record.durable.offset, found.record.sealedBelow, found.record.start))
    }
    guard var contents = newest else { return nil }
    if let part = bytes.part(notePosition, SideNote.byteCount), let note = SideNote.parse(part) {
      contents.take(note)
    }
    // As many as there is room for, whatever the record says.
    let roomCount = max(0, bytes.byteCount - entriesPosition) / SideEntry.byteCount
    let count = min(contents.record.entryCount, roomCount)
    contents.record.entryCount = count
    contents.entries.reserveCapacity(count)
    var seals: [Seal] = []
    seals.reserveCapacity(count)
    for index in 0..<count {
      guard
        let part = bytes.part(entriesPosition + index * SideEntry.byteCount, SideEntry.byteCount)
      else { break }
      // Those behind it have other places than they would be counted by.
      guard let entry = SideEntry.parse(part) else { break }
      contents.entries.append(entry)
      switch entry {
      case .seal(let seal): seals.append(seal)
      case .damage(let range):
        // A segment may have been sealed while its damage was noted: then both say so.
        var known = contents.damage[range.segmentBaseOffset] ?? []
        if !known.contains(range) { known.append(range) }
        contents.damage[range.segmentBaseOffset] = known
      }
    }
    contents.seals = SealList(seals)
    return contents
  }
}

extension SideFile.Contents {
  fileprivate mutating func take(_ note: SideNote) {
    guard note.generation >= generation, note.durable > record.durable else { return }
    record.durable = note.durable
    durableEnd = max(durableEnd, note.durable.offset)
  }
}

extension RawSpan {
  /// Some of the bytes, if they are there.
  @_lifetime(copy self)
  fileprivate func part(_ start: Int, _ count: Int) -> RawSpan? {
    start <= byteCount - count ? slice(start, count: count) : nil
  }
}

// MARK: Writing

extension SideFile {
  /// Says that the log is open, and what there is of it. Entries that stand there already stay.
  ///
  /// - Parameters:
  ///   - record: What there is of it.
  ///   - entries: What there is of its segments.
  ///   - needsAll: Whether to fail where there is no space for the entries: of a log that somebody else
  ///     wrote they say what is missing and was not lost.
  ///   - holdsBack: Whether it is said with the first change alone, where the entries stand there already.
  ///     For a log that is as a close left it.
  func start(
    _ record: SideRecord, entries: [SideEntry], needsAll: Bool = false, holdsBack: Bool = false
  ) throws(SystemError) {
    let kept = zip(entries, self.entries).prefix { $0 == $1 }.count
    if holdsBack, kept == entries.count, state.withLock({ $0.record.entryCount }) == kept {
      return holdBack(record, entryCount: kept)
    }
    try forgetEntries(behind: kept)
    // Before it is said that all is known of the log.
    if kept < entries.count { try update(adding: Array(entries[kept...])) }
    let count = state.withLock { $0.record.entryCount }
    guard count == entries.count || !needsAll else { throw SystemError(.write, .noSpace) }
    var record = record
    record.entryCount = count
    try update { $0 = record }
  }

  private func holdBack(_ record: SideRecord, entryCount: Int) {
    state.withLock { state in
      var record = record
      record.entryCount = entryCount
      state.heldBack = record
    }
    isHoldingBack.store(true, ordering: .releasing)
  }

  /// Whether it is held back that the log is open: nothing of it has changed since it was closed.
  var holdsBack: Bool { isHoldingBack.load(ordering: .acquiring) }

  /// Says that the log is open, if that is held back. To be called before anything of it changes that the
  /// next opening goes by: when this returns, what was said is on the device.
  func sayOpen() throws(SystemError) {
    if holdsBack { try update() }
  }

  /// Leaves the file as it is: it says that the log is closed. False if it says something else by now.
  func stayClosed() -> Bool { state.withLock { $0.heldBack.take() != nil } }

  /// Takes entries away that others are to take the place of. A crash would leave a mixture of both,
  /// in which each looks right; of entries where there was nothing it leaves the first ones.
  private func forgetEntries(behind kept: Int) throws(SystemError) {
    let count = state.withLock { $0.record.entryCount }
    guard kept < count else { return }
    try clearEntries(kept..<count)
    try update { $0.entryCount = kept }
  }

  private func clearEntries(_ range: Range<Int>) throws(SystemError) {
    guard !range.isEmpty else { return }
    try sayOpen()
    let zeros = [UInt8](repeating: 0, count: range.count * SideEntry.byteCount)
    try file.write(
      unsafe zeros.span.bytes, at: Self.entriesPosition + range.lowerBound * SideEntry.byteCount)
  }

  /// Takes away what is said of the segments from one on, and changes the record. What a crash leaves
  /// of the entries is the first ones, and of the record this one or the one before.
  func forget(
    segmentsFrom base: Offset, _ change: (inout SideRecord) -> Void
  ) throws(SystemError) {
    let entries = try Self.read(file)?.entries ?? []
    let kept = entries.prefix { $0.segmentBase < base }.count
    try clearEntries(kept..<max(kept, state.withLock { $0.record.entryCount }))
    try update { record in
      record.entryCount = kept
      change(&record)
    }
  }

  /// Takes away what is said of segments that are there no more, once that is much. Of several seals of
  /// a base the last one holds.
  func removeStale(isThere: (Offset) -> Bool) throws(SystemError) {
    let entries = try Self.read(file)?.entries ?? []
    var sealed: Set<Offset> = []
    let kept = entries.reversed().filter { entry in
      guard isThere(entry.segmentBase) else { return false }
      guard case .seal = entry else { return true }
      return sealed.insert(entry.segmentBase).inserted
    }
    guard entries.count - kept.count > LogLimits.staleEntryCount else { return }
    let live = Array(kept.reversed())
    let same = zip(entries, live).prefix { $0 == $1 }.count
    try forgetEntries(behind: same)
    try update(adding: Array(live[same...]))
  }

  /// Changes the record, and adds entries. When this returns, all of it is on the device.
  func update(
    adding entries: [SideEntry] = [], _ change: (inout SideRecord) -> Void = { _ in }
  ) throws(SystemError) {
    try state.withLock { state throws(SystemError) in
      var next = state
      if let heldBack = next.heldBack.take() { next.record = heldBack }
      change(&next.record)
      do throws(SystemError) {
        try add(entries, to: &next)
      } catch {
        // Without its entry a segment is looked at again by the next opening. The record needs no
        // space that it does not have.
        guard error.errno == .noSpace || error.errno == .quota else { throw error }
      }
      next.generation += 1
      try write(SideNote(durable: next.record.durable, generation: next.generation))
      let slot = Int(next.generation % Int64(Self.slotCount))
      let bytes = next.record.encoded(generation: next.generation)
      try file.write(unsafe bytes.span.bytes, at: slot * Self.pageByteCount)
      try file.syncData()
      state = next
    }
    isHoldingBack.store(false, ordering: .releasing)
  }

  private func add(_ entries: [SideEntry], to state: inout State) throws(SystemError) {
    guard !entries.isEmpty else { return }
    let start = Self.entriesPosition + state.record.entryCount * SideEntry.byteCount
    let bytes = entries.flatMap { $0.encoded() }
    if start + bytes.count > state.byteCount {
      let pages = (bytes.count + Self.pageByteCount - 1) / Self.pageByteCount
      let zeros = [UInt8](repeating: 0, count: pages * Self.pageByteCount)
      try file.write(unsafe zeros.span.bytes, at: state.byteCount)
      state.byteCount += zeros.count
    }
    try file.write(unsafe bytes.span.bytes, at: start)
    state.record.entryCount += entries.count
  }

  /// Notes how far the log is on the device. Not synced: a kill leaves it, a power cut may. What goes
  /// wrong with it costs time at the next opening, and nothing else.
  func note(_ durable: DurableMark) {
    // Whoever holds the lock syncs, and those who wait for this mark would wait for that.
    state.withLockIfAvailable { state in
      guard state.heldBack == nil, durable > state.record.durable else { return }
      state.record.durable = durable
      try? write(SideNote(durable: durable, generation: state.generation))
    }
  }

  private func write(_ note: SideNote) throws(SystemError) {
    let bytes = note.encoded()
    try file.write(unsafe bytes.span.bytes, at: Self.notePosition)
  }
}
