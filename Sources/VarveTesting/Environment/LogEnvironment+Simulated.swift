public import Varve

extension LogEnvironment {
  /// A world that a test makes: nothing in it comes from the machine, so that a run can be had
  /// again from its seeds.
  ///
  /// - Parameters:
  ///   - fileSystem: Where logs lie.
  ///   - clock: What time it is; best the one that the file system has.
  ///   - random: What logs draw.
  public static func simulated(
    fileSystem: SimulatedFileSystem, clock: ManualClock, random: SeededRandom
  ) -> LogEnvironment {
    LogEnvironment(fileSystem: fileSystem, time: clock, random: random)
  }
}
