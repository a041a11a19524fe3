internal import VarveSystem

/// The reigns of a log's leaders, and the file in which Kafka looks for them.
///
/// The log is the truth, and the file may lag behind: what is newer is found again in batches that are
/// not sealed yet. So it is written before a segment is sealed, and never for an append.
final class EpochLedger: Sendable {
  private struct State {
    var cache: EpochCache
    /// Counts the changes.
    var version: Int
  }

  private let file: SmallFile
  private let state: Lock<State>
  /// Which version the file has. Held while it is written.
  private let written: Lock<Int>

  /// - Parameter isWritten: Whether the file says the same.
  init(_ cache: EpochCache, in directory: String, isWritten: Bool, _ fileSystem: any FileSystem) {
    file = Self.file(in: directory, fileSystem)
    state = Lock(State(cache: cache, version: isWritten ? 0 : 1))
    written = Lock(0)
  }

  var cache: EpochCache { state.withLock { $0.cache } }

  /// Changes what is known, in memory. Returns whether there is something to write.
  @discardableResult
  func update(_ change: (inout EpochCache) -> Void) -> Bool {
    state.withLock { state in
      let before = state.cache
      change(&state.cache)
      guard state.cache != before else { return false }
      state.version += 1
      return true
    }
  }

  /// Takes note of a batch. Returns whether there is something to write.
  @discardableResult
  func note(_ header: BatchHeader) -> Bool {
    guard header.leaderEpoch != .none else { return false }
    return update { $0.assign(header.leaderEpoch, at: header.baseOffset) }
  }
}

// MARK: The file

extension EpochLedger {
  /// Writes the file where it says something else. When this returns, it is on the device.
  func save() throws(LogError) {
    try written.withLock { written throws(LogError) in
      let (cache, version) = state.withLock { ($0.cache, $0.version) }
      guard version != written else { return }
      try file.write(LeaderEpochCheckpoint(cache.entries).encoded)
      written = version
    }
  }

  /// Whether the file says something else.
  var needsSave: Bool {
    written.withLock { written in state.withLock { $0.version != written } }
  }

  /// What the file of a log says; nil where there is none, or nothing to be believed.
  ///
  /// - Throws: Where the file is there and could not be read: nobody knows what it says.
  static func read(
    in directory: String, _ fileSystem: any FileSystem
  ) throws(SystemError) -> EpochCache? {
    let bytes: [UInt8]?
    do throws(SystemError) {
      bytes = try file(in: directory, fileSystem).bytes(limit: LogLimits.epochFileByteCount)
    } catch {
      guard error == SystemError(.open, .noSuchFile) else { throw error }
      return nil
    }
    guard let bytes, let checkpoint = try? unsafe LeaderEpochCheckpoint(parsing: bytes.span.bytes)
    else { return nil }
    return EpochCache(checkpoint)
  }

  /// Whether a log has the file.
  static func isThere(in directory: String, _ fileSystem: any FileSystem) -> Bool {
    (try? fileSystem.status(at: file(in: directory, fileSystem).path)) != nil
  }

  private static func file(in directory: String, _ fileSystem: any FileSystem) -> SmallFile {
    SmallFile(
      path: directory + "/" + CheckpointName.leaderEpochs.rawValue, fileSystem: fileSystem)
  }
}
