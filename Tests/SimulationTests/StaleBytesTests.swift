import Testing
import VarveTesting

/// What a power cut has made the log forget stays forgotten: bytes from behind a cut do not come
/// back as records once appends have closed the gap before them.
@Suite struct StaleBytesTests {
  @Test(arguments: Settings.bothWriters)
  func whatWasCutOffDoesNotComeBack(_ settings: Settings) throws {
    var settings = settings
    settings.segmentByteCount = 32 << 10
    let size = RecordSource.valueSize(inBatchOf: 512)
    for seed in 0..<400 as Range<UInt64> {
      let simulation = Simulation(settings, seed: seed)
      let append = Step.append([size], .spans)
      let cut = { Step.crash(CrashPlan(crash: .power, seed: $0), after: 0) }
      let again = Int(seed % 4) + 1
      do {
        try simulation.run(
          Array(repeating: append, count: 12) + [cut(seed)]
            + Array(repeating: append, count: again) + [cut(seed + 1000), append, .scan])
      } catch {
        Issue.record("\(SeedFailure(seed: seed, error: error, in: simulation).text)")
        return
      }
    }
  }
}
