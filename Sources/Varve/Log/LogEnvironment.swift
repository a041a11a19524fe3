package import VarveSystem

/// What a log lives in: file system, time, randomness. The system's own, or simulated ones that the
/// tests of a server bring along, so that a seed replays a run.
public struct LogEnvironment: Sendable {
  package let fileSystem: any FileSystem
  package let time: any TimeSource
  package let random: any RandomSource

  /// Whether time is the system's, which then is asked directly: a log asks it for each record.
  let isSystemTime: Bool

  package init(
    fileSystem: any FileSystem, time: any TimeSource, random: any RandomSource
  ) {
    self.fileSystem = fileSystem
    self.time = time
    self.random = random
    isSystemTime = time is SystemClock
  }

  /// The machine that the process runs on.
  public static let system = LogEnvironment(
    fileSystem: PosixFileSystem(), time: SystemClock(), random: SystemRandom())
}
