import VarveSystem

@testable import Varve

/// A world in which nothing happens beside a test: time stands still, and upkeep is done when the
/// test says so.
struct ManualWorld {
  let time: ManualTime
  let runtime: LogRuntime
  let environment: LogEnvironment

  init(random: UInt64 = 0, fileSystem: any FileSystem = UnsyncedFileSystem()) {
    let time = ManualTime()
    self.time = time
    runtime = LogRuntime(steppedBy: time)
    environment = LogEnvironment(
      fileSystem: fileSystem, time: time, random: FixedRandom(random))
  }

  func open(
    _ directory: String, _ configuration: LogConfiguration, mode: Log.Mode = .readWrite
  ) throws -> Log {
    try Log.open(
      at: directory, mode: mode, configuration: configuration, runtime: runtime,
      environment: environment)
  }

  /// Does all upkeep that waits or is due.
  func settle() {
    // A bound, so that upkeep which never comes to rest fails a test and does not hang it.
    for _ in 0..<100_000 where !runtime.step() { return }
  }

  /// Lets time pass, with upkeep whenever it is due.
  func pass(milliseconds: Int64, steps: Int64 = 10) {
    for _ in 0..<steps {
      time.advance(milliseconds: milliseconds / steps)
      settle()
    }
  }

  var now: Timestamp { Timestamp(milliseconds: time.wallMilliseconds) }
}

extension LogEnvironment {
  /// The machine, without waiting for its devices.
  static let unsynced = LogEnvironment(
    fileSystem: UnsyncedFileSystem(), time: SystemClock(), random: SystemRandom())
}
