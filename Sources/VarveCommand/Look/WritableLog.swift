internal import Varve
internal import VarveSystem

/// A log that a command writes to: by itself, or with the directory of logs in which it lies.
struct WritableLog: Sendable {
  let log: Log
  private let store: LogStore?

  /// Opens it as it would be by default: what a command is to do to this log, it does not have done to the
  /// others in the directory.
  static func open(
    _ path: String, creates: Bool, in shell: Shell
  ) async throws(CommandError) -> WritableLog {
    let path = path.withoutTrailingSlash
    let isThere = (try? Look(shell).status(path)) != nil
    guard isThere || creates else {
      throw CommandError(
        message: "\(path): there is no such log", hint: "With --create, it is made.")
    }
    if isThere { _ = try? Subject.log(at: path, in: shell) }
    do throws(LogError) {
      return try await open(path, shell) {
        if !isThere { remove(path, Look(shell)) }
      }
    } catch {
      throw CommandError(error)
    }
  }

  /// - Parameter undo: Removes what was made of a log that does not open, while the directory is ours.
  private static func open(
    _ path: String, _ shell: Shell, undo: () -> Void
  ) async throws(LogError) -> WritableLog {
    guard let (directory, partition) = store(of: path, shell) else {
      do throws(LogError) {
        let log = try await Log.open(
          at: path, runtime: shell.runtime, environment: shell.environment)
        return WritableLog(log: log, store: nil)
      } catch {
        undo()
        throw error
      }
    }
    let store = try await LogStore.open(
      at: directory, runtime: shell.runtime, environment: shell.environment)
    do throws(LogError) {
      return WritableLog(log: try await store.log(for: partition), store: store)
    } catch {
      undo()
      try? await store.close()
      throw error
    }
  }

  /// The directory of logs in which a path lies, where it is kept as one.
  private static func store(
    of path: String, _ shell: Shell
  ) -> (directory: String, partition: TopicPartition)? {
    guard let partition = TopicPartition(parsing: path.lastPart) else { return nil }
    let above = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let marks = [CheckpointName.recoveryPoints, .metaProperties, .cleanShutdown]
    let isStore = marks.contains {
      (try? Look(shell).status(above + "/" + $0.rawValue)) != nil
    }
    return isStore ? (above, partition) : nil
  }

  /// The log first: until the store is closed, it can be discarded.
  func close() async throws(LogError) {
    try await log.close()
    try await store?.close()
  }

  /// Closes the log, and removes it. What cannot be removed stays: something has gone wrong already.
  func discard(_ path: String, _ look: Look) async {
    guard let store, let partition = TopicPartition(parsing: path.lastPart) else {
      try? await log.close()
      return Self.remove(path, look)
    }
    if (try? await store.delete(partition)) == true {
      for name in (try? look.names(store.directory)) ?? [] {
        guard let found = PartitionDirectoryName(parsing: name), found.fate == .delete,
          found.topic == partition.topic, found.partition == partition.partition
        else { continue }
        Self.remove(store.directory + "/" + name, look)
      }
    }
    try? await store.close()
  }

  private static func remove(_ directory: String, _ look: Look) {
    for name in (try? look.names(directory)) ?? [] {
      try? look.fileSystem.unlink(directory + "/" + name)
    }
    try? look.fileSystem.removeDirectory(directory)
  }
}
