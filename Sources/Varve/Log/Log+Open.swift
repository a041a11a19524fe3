internal import VarveSystem

extension Log {
  /// Opens the log in a directory, which is made if it is not there.
  ///
  /// - Parameters:
  ///   - directory: The directory of this log alone.
  ///   - mode: To append and read, or only to read what another process writes.
  ///   - configuration: How the log is kept.
  ///   - runtime: Whose threads look after it.
  ///   - environment: File system, time and randomness.
  public static func open(
    at directory: String, mode: Mode = .readWrite,
    configuration: LogConfiguration = LogConfiguration(), runtime: LogRuntime = .shared,
    environment: LogEnvironment = .system
  ) async throws(LogError) -> Log {
    try await runtime.workers.run { () throws(LogError) in
      try openNow(directory, mode, configuration, runtime, environment)
    }
  }

  /// Opens the log in a directory, and waits for it. For threads that may.
  @available(*, noasync, message: "opening waits for the device; use the async form")
  public static func open(
    at directory: String, mode: Mode = .readWrite,
    configuration: LogConfiguration = LogConfiguration(), runtime: LogRuntime = .shared,
    environment: LogEnvironment = .system
  ) throws(LogError) -> Log {
    try openNow(directory, mode, configuration, runtime, environment)
  }

  private static func openNow(
    _ directory: String, _ mode: Mode, _ configuration: LogConfiguration, _ runtime: LogRuntime,
    _ environment: LogEnvironment
  ) throws(LogError) -> Log {
    var path = directory
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return try open(
      LogOpening(
        directory: path, mode: mode, configuration: configuration, environment: environment),
      runtime)
  }

  /// Opens a log in a store, whose lock covers it.
  static func open(
    _ directory: String, _ configuration: LogConfiguration, _ runtime: LogRuntime,
    _ environment: LogEnvironment, under storeLock: DirectoryLock
  ) throws(LogError) -> Log {
    try open(
      LogOpening(
        directory: directory, mode: .readWrite, configuration: configuration,
        environment: environment, storeLock: storeLock, saysOpenLate: true), runtime)
  }

  /// Opens a log that says late that it is open, as one in a store does.
  static func openLate(
    at directory: String, _ configuration: LogConfiguration, _ runtime: LogRuntime,
    _ environment: LogEnvironment
  ) throws(LogError) -> Log {
    try open(
      LogOpening(
        directory: directory, mode: .readWrite, configuration: configuration,
        environment: environment, saysOpenLate: true), runtime)
  }

  private static func open(
    _ opening: LogOpening, _ runtime: LogRuntime
  ) throws(LogError) -> Log {
    let opened = try opening.open()
    let log = Log(opened, runtime: runtime)
    if log.sideFile?.holdsBack == true { try log.rest() }
    if let report = log.recovery { log.tell(.recovered(report)) }
    log.flushEvents()
    // Nobody may ever append, and its last segment becomes old all the same.
    if opening.mode == .readWrite { runtime.maintenance.wake(log) }
    return log
  }
}
