import Foundation
import Testing
import VarveSystem

@Suite struct ClockTests {
  private let clock = SystemClock()

  @Test func theMonotonicClockIsNeverSetBack() {
    var last = clock.monotonicNanoseconds
    var steps = 0
    for _ in 0..<100_000 {
      let now = clock.monotonicNanoseconds
      if now < last { steps -= 1 << 32 }
      if now > last { steps += 1 }
      last = now
    }
    // And it goes: a clock that stands still would be never set back, either.
    #expect(steps > 0)
    #expect(last > 0)
  }

  @Test func whoSleepsDoesNotWakeEarly() {
    for nanoseconds: Int64 in [-1, 0, 1, 100_000, 3_000_000] {
      let before = clock.monotonicNanoseconds
      clock.sleep(nanoseconds: nanoseconds)
      #expect(clock.monotonicNanoseconds - before >= nanoseconds)
    }
  }

  /// Seconds for milliseconds, or another epoch, would be years off.
  @Test func theWallClockCountsMillisecondsSince1970() {
    let before = Date().timeIntervalSince1970
    let now = Double(clock.wallMilliseconds) / 1_000
    let after = Date().timeIntervalSince1970
    #expect(now > before - 1)
    #expect(now < after + 1)
  }

  @Test func aKernelHasOneBootID() throws {
    let system = PosixFileSystem()
    let id = try system.bootID()
    #expect(try system.bootID() == id)
    #expect(try PosixFileSystem().bootID() == id)
    let text = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    let digits = text.filter(\.isHexDigit)
    #expect(digits.count == 32)
    #expect(UInt128(digits, radix: 16) == id.rawValue)
  }

  @Test func randomNumbersDiffer() {
    let source = SystemRandom()
    let numbers = (0..<1_000).map { _ in source.next() }
    // That two of a thousand are equal: once in 10¹³ runs.
    #expect(Set(numbers).count == numbers.count)
  }
}
