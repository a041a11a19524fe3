import Testing
import VarveTesting

@Suite struct SeededTests {
  /// From the published generator: another sequence would make all reported seeds worthless.
  @Test func theSequenceOfASeedIsTheSameForEver() {
    var random = SplitMix(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
    let source = SeededRandom(seed: 1_234_567)
    #expect(source.next() == 6_457_827_717_110_365_317)
  }

  @Test func theClockStandsUntilItIsMoved() {
    let clock = ManualClock(wallMilliseconds: 1_000)
    #expect(clock.wallMilliseconds == 1_000 && clock.monotonicNanoseconds == 0)
    clock.advance(byNanoseconds: 1_500_000)
    #expect(clock.wallMilliseconds == 1_001 && clock.monotonicNanoseconds == 1_500_000)
    clock.advance(byNanoseconds: 500_000)
    #expect(clock.wallMilliseconds == 1_002)
    clock.setWall(milliseconds: 10)
    #expect(clock.wallMilliseconds == 10 && clock.monotonicNanoseconds == 2_000_000)
  }
}
