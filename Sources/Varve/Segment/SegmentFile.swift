internal import Synchronization
internal import VarveSystem

/// A segment of a log: its file, its indexes and how far it goes.
///
/// The file is opened and the indexes are read when they are first needed, and both may be let go
/// again: see ``SegmentCache``. A slice holds the ``OpenFile`` itself, so that its bytes stay even
/// when the segment's name is gone.
final class SegmentFile: Sendable {
  /// What the file is called.
  enum Name: Hashable, Sendable {
    /// It has its own name, `<base offset>.log`.
    case own
    /// It was prepared under a number, and keeps that name until the segment before it is sealed.
    case spare(Int)
  }

  /// Why it is no part of the log any more.
  enum Removal: Hashable, Sendable {
    /// The log was cut at an offset. What is kept of it, if anything, is another segment's.
    case cut(at: Offset)
    /// It lies before the log's start.
    case trimmed
    /// It was compacted: what is kept of it is another segment's, offset by offset.
    case replaced
  }

  let baseOffset: Offset
  let directory: String
  let published: PublishedEnd
  let fileSystem: any FileSystem

  /// The file and the indexes, as far as they are there.
  let parts: SegmentParts

  private struct State {
    var name: Name
    var isTimestampKnown: Bool
    var sealedAt: Timestamp?
    var removal: Removal?
    var inode: Int64?
    var damage: [DamagedRange] = []
    var content: Content?
    var verifiedAt: Timestamp?
  }
  private let state: Lock<State>
  /// Whether anything is lost, for those who read and find that nothing is.
  private let isDamaged: Atomic<Bool>
  private let examined = Atomic<Bool>(false)

  /// What all of it adds up to, up to where.
  struct Content: Hashable, Sendable {
    var end: Int
    var digest: SegmentDigest
  }

  /// A segment that lies on disk.
  init(
    sealed baseOffset: Offset, end: SegmentEnd, directory: String, damage: [DamagedRange] = [],
    in fileSystem: any FileSystem
  ) {
    isDamaged = Atomic(!damage.isEmpty)
    self.baseOffset = baseOffset
    self.directory = directory
    self.fileSystem = fileSystem
    published = PublishedEnd(end, maxTimestamp: .none)
    parts = SegmentParts(file: nil, index: nil, isActive: false)
    state = Lock(State(name: .own, isTimestampKnown: false, damage: damage))
  }

  /// A segment that has just taken the place of others. It keeps what it is made of until all of that
  /// has its name.
  init(
    replacing baseOffset: Offset, end: SegmentEnd, file: OpenFile, index: IndexMemory,
    directory: String, in fileSystem: any FileSystem
  ) {
    isDamaged = Atomic(false)
    self.baseOffset = baseOffset
    self.directory = directory
    self.fileSystem = fileSystem
    published = PublishedEnd(end, maxTimestamp: .none)
    parts = SegmentParts(file: file, index: index, isActive: false)
    state = Lock(State(name: .own, isTimestampKnown: false))
  }

  /// A segment that is being written.
  init(
    active baseOffset: Offset, end: SegmentEnd, maxTimestamp: Timestamp, name: Name,
    file: OpenFile?, index: IndexMemory, directory: String, in fileSystem: any FileSystem
  ) {
    isDamaged = Atomic(false)
    self.baseOffset = baseOffset
    self.directory = directory
    self.fileSystem = fileSystem
    published = PublishedEnd(end, maxTimestamp: maxTimestamp)
    parts = SegmentParts(file: file, index: index, isActive: true)
    state = Lock(State(name: name, isTimestampKnown: true))
  }
}

// MARK: Names

extension SegmentFile {
  var path: SegmentPath { SegmentPath(directory: directory, baseOffset: baseOffset) }

  var name: Name { state.withLock { $0.name } }

  /// Where the log's bytes are to be found now.
  var currentPath: String { Self.path(name, path) }

  private static func path(_ name: Name, _ path: SegmentPath) -> String {
    switch name {
    case .own: path.log
    case .spare(let number): path.directory + "/" + LogFileNames.spare(number)
    }
  }

  /// Takes note that the file has its own name now.
  func didRename() { state.withLock { $0.name = .own } }
}

// MARK: Removal

extension SegmentFile {
  /// Takes note that it is no part of the log any more. Its name is nobody's from then on, or
  /// another's.
  func remove(_ removal: Removal) { state.withLock { $0.removal = removal } }

  /// Why it is no part of the log any more, if it is not.
  var removal: Removal? { state.withLock { $0.removal } }
}

// MARK: File and indexes

extension SegmentFile {
  /// Opens the file. It may wait for a device, and a rename may come in between: then the file is
  /// there under its own name.
  ///
  /// - Throws: `ENOENT` also where another file has that name by now.
  func openToRead() throws(SystemError) -> OpenFile {
    let file = try openByName()
    guard try isOwn(file) else { throw SystemError(.open, .noSuchFile) }
    return file
  }

  private func openByName() throws(SystemError) -> OpenFile {
    do throws(SystemError) {
      return try OpenFile(currentPath, .reading, in: fileSystem)
    } catch {
      guard error.errno == .noSuchFile else { throw error }
      return try OpenFile(path.log, .reading, in: fileSystem)
    }
  }

  /// Which file it is, where another process may give its name to another one.
  func learn(inode: Int64) { state.withLock { $0.inode = inode } }

  /// Whether a file that was opened by the segment's name is the segment's.
  private func isOwn(_ file: OpenFile) throws(SystemError) -> Bool {
    guard let inode = state.withLock({ $0.inode }) else { return true }
    return try file.status().inode == inode
  }

  /// The file that is open, or else one that is opened for the caller alone.
  func openFile() throws(SystemError) -> OpenFile {
    if let file = parts.file { return file }
    return try openToRead()
  }

  /// Whether the segment is being written.
  var isActive: Bool { parts.isActive }
}

// MARK: Times

extension SegmentFile {
  /// The greatest timestamp of the segment, where it is known without reading.
  var knownMaxTimestamp: Timestamp? {
    state.withLock { $0.isTimestampKnown } ? published.maxTimestamp : nil
  }

  /// Takes note of the greatest timestamp, which has been found on disk.
  func learn(maxTimestamp: Timestamp) {
    published.publish(maxTimestamp: maxTimestamp)
    state.withLock { $0.isTimestampKnown = true }
  }

  /// When it got its final form, by the wall clock, where that is known.
  var sealedAt: Timestamp? { state.withLock { $0.sealedAt } }

  func learn(sealedAt: Timestamp) { state.withLock { $0.sealedAt = sealedAt } }
}

// MARK: What is known to be wrong, or right

extension SegmentFile {
  /// Parts of it that are known to be lost, in their order.
  var damage: [DamagedRange] {
    isDamaged.load(ordering: .acquiring) ? state.withLock { $0.damage } : []
  }

  /// Takes note of what is lost, and returns what of that was not known.
  func learn(damage found: [DamagedRange]) -> [DamagedRange] {
    state.withLock { state in
      let known = state.damage
      let new = found.filter { part in !known.contains { $0.covers(part) } }
      guard !new.isEmpty else { return [] }
      let kept = known.filter { part in !new.contains { $0.covers(part) } }
      // As the next opening will see them: what a file says may reach into what is found.
      state.damage = (kept + new).parts(of: baseOffset, until: published.end)
      isDamaged.store(true, ordering: .releasing)
      return new
    }
  }

  /// Whether all of it was compared, in this life of the log, with what it adds up to.
  var isExamined: Bool { examined.load(ordering: .acquiring) }

  /// When that was last.
  var verifiedAt: Timestamp? { state.withLock { $0.verifiedAt } }

  func didExamine(at time: Timestamp) {
    state.withLock { $0.verifiedAt = time }
    examined.store(true, ordering: .releasing)
  }

  /// What it adds up to, as it was written; nil where that is not known.
  var content: Content? { state.withLock { $0.content } }

  func learn(content: Content) { state.withLock { $0.content = content } }
}

extension DamagedRange {
  /// Whether another part lies within it.
  fileprivate func covers(_ other: DamagedRange) -> Bool {
    positions.lowerBound <= other.positions.lowerBound
      && other.positions.upperBound <= positions.upperBound
      && offsets.lowerBound <= other.offsets.lowerBound
      && other.offsets.upperBound <= offsets.upperBound
  }
}
