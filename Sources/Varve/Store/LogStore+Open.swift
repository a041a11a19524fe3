internal import VarveSystem

extension LogStore {
  /// Opens all logs in a directory, which is made if it is not there.
  ///
  /// - Parameters:
  ///   - directory: The directory in which the logs' own lie.
  ///   - configuration: How the store and its logs are kept.
  ///   - runtime: Whose threads look after them.
  ///   - environment: File system, time and randomness.
  /// - Throws: ``LogError/Code/locked`` where a broker or another store has the directory. What is wrong
  ///   with single logs is in ``opening`` and ``failures``.
  public static func open(
    at directory: String, configuration: LogStoreConfiguration = LogStoreConfiguration(),
    runtime: LogRuntime = .shared, environment: LogEnvironment = .system
  ) async throws(LogError) -> LogStore {
    try await runtime.workers.run { () throws(LogError) in
      try openNow(directory, configuration, runtime, environment)
    }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "opening waits for the device; use the async form")
  public static func open(
    at directory: String, configuration: LogStoreConfiguration = LogStoreConfiguration(),
    runtime: LogRuntime = .shared, environment: LogEnvironment = .system
  ) throws(LogError) -> LogStore {
    try openNow(directory, configuration, runtime, environment)
  }

  private static func openNow(
    _ directory: String, _ configuration: LogStoreConfiguration, _ runtime: LogRuntime,
    _ environment: LogEnvironment
  ) throws(LogError) -> LogStore {
    var path = directory
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    let opening = StoreOpening(
      directory: path, configuration: configuration, runtime: runtime, environment: environment)
    let store = try opening.open()
    runtime.maintenance.wake(store)
    return store
  }
}
