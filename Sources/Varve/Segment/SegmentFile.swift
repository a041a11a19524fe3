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

  let baseOffset: Offset
  let directory: String
  let published: PublishedEnd
  let fileSystem: any FileSystem

  /// Set by whoever uses the file or the indexes, taken back by the cache's hand.
  let wasUsed = Atomic<Bool>(true)

  private struct State {
    var name: Name
    var file: OpenFile?
    var index: IndexMemory?
    /// Whether file and index must stay: the segment is being written.
    var isActive: Bool
    var isTimestampKnown: Bool
  }
  private let state: Lock<State>

  /// A segment that lies on disk.
  init(
    sealed baseOffset: Offset, end: SegmentEnd, directory: String, in fileSystem: any FileSystem
  ) {
    self.baseOffset = baseOffset
    self.directory = directory
    self.fileSystem = fileSystem
    published = PublishedEnd(end, maxTimestamp: .none)
    state = Lock(State(name: .own, isActive: false, isTimestampKnown: false))
  }

  /// A segment that is being written.
  init(
    active baseOffset: Offset, end: SegmentEnd, maxTimestamp: Timestamp, name: Name,
    file: OpenFile?, index: IndexMemory, directory: String, in fileSystem: any FileSystem
  ) {
    self.baseOffset = baseOffset
    self.directory = directory
    self.fileSystem = fileSystem
    published = PublishedEnd(end, maxTimestamp: maxTimestamp)
    state = Lock(
      State(name: name, file: file, index: index, isActive: true, isTimestampKnown: true))
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

// MARK: File and indexes

extension SegmentFile {
  /// The file, open.
  func openFile() throws(SystemError) -> OpenFile {
    wasUsed.store(true, ordering: .relaxed)
    if let file = state.withLock({ $0.file }) { return file }
    // Outside the lock: opening may wait for a device. A rename may come in between, and then the
    // file is there under its own name.
    let file: OpenFile
    do throws(SystemError) {
      file = try OpenFile(currentPath, .reading, in: fileSystem)
    } catch {
      guard error.errno == .noSuchFile else { throw error }
      file = try OpenFile(path.log, .reading, in: fileSystem)
    }
    return state.withLock { state in
      if let other = state.file { return other }
      state.file = file
      return file
    }
  }

  /// Whether the file can be had without opening it.
  var hasOpenFile: Bool { state.withLock { $0.file != nil } }

  /// The indexes, if they are in memory.
  var loadedIndex: IndexMemory? {
    wasUsed.store(true, ordering: .relaxed)
    return state.withLock { $0.index }
  }

  /// Takes indexes that were read or built; whoever came first wins.
  func adopt(_ index: IndexMemory) -> IndexMemory {
    state.withLock { state in
      if let other = state.index { return other }
      state.index = index
      return index
    }
  }

  /// Takes indexes in place of those that are there.
  func replaceIndex(_ index: IndexMemory) { state.withLock { $0.index = index } }

  /// Opens the file anew for writing, where parking closed it.
  func setFile(_ file: OpenFile?) { state.withLock { $0.file = file } }

  /// From now on the file and the indexes may be let go.
  func didSeal() { state.withLock { $0.isActive = false } }

  var isActive: Bool { state.withLock { $0.isActive } }

  /// Lets go of the file and the indexes, and returns how many bytes the indexes took; nil where
  /// they must stay.
  func release() -> (file: OpenFile?, index: IndexMemory?)? {
    state.withLock { state in
      guard !state.isActive else { return nil }
      defer { (state.file, state.index) = (nil, nil) }
      return (state.file, state.index)
    }
  }
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
}
