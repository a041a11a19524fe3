internal import Varve
internal import VarveSystem

/// A log that a command writes to: by itself, or with the directory of logs in which it lies.
struct WritableLog: Sendable {
  let log: Log
  private let store: LogStore?

  static func open(
    _ path: String, creates: Bool, _ configuration: LogConfiguration = LogConfiguration(),
    in shell: Shell
  ) async throws(CommandError) -> WritableLog {
    let path = path.withoutTrailingSlash
    let isThere = (try? Look(shell).status(path)) != nil
    guard isThere || creates else {
      throw CommandError(
        message: "\(path): there is no such log", hint: "With --create, it is made.")
    }
    if isThere { _ = try? Subject.log(at: path, in: shell) }
    do throws(LogError) {
      guard let (directory, partition) = store(of: path, shell) else {
        return WritableLog(
          log: try await Log.open(
            at: path, configuration: configuration, environment: shell.environment), store: nil)
      }
      var settings = LogStoreConfiguration()
      settings.log = configuration
      let store = try await LogStore.open(
        at: directory, configuration: settings, environment: shell.environment)
      return WritableLog(log: try await store.log(for: partition), store: store)
    } catch {
      throw CommandError(error)
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

  func close() async throws(LogError) {
    guard let store else { return try await log.close() }
    try await store.close()
  }
}
