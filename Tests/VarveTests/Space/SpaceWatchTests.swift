import Testing
import VarveTesting

@testable import Varve

/// How a log's disk is doing, as a function of what is seen of it.
@Suite struct SpaceWatchTests {
  private static let total = 1 << 30

  private func sight(_ free: Int, failures: Int = 0, end: Int64 = 0) -> SpaceWatch.Sight {
    SpaceWatch.Sight(
      freeByteCount: free, totalByteCount: Self.total, failureCount: failures, end: end)
  }

  private func states(_ watermarks: DiskWatermarks, _ sights: [SpaceWatch.Sight]) -> [DiskState] {
    var watch = SpaceWatch(watermarks)
    return sights.map { sight in
      let before = watch.state
      let hasChanged = watch.see(sight)
      #expect(hasChanged == (watch.state != before))
      return watch.state
    }
  }

  @Test func isLowByBytesAndByParts() {
    let found = states(
      DiskWatermarks(lowByteCount: 1000, lowFraction: 0),
      [sight(1000), sight(999), sight(0), sight(1000)])
    #expect(found == [.ok, .low, .low, .ok])
    let part = states(
      DiskWatermarks(lowByteCount: 0, lowFraction: 0.5),
      [sight(Self.total / 2), sight(Self.total / 2 - 1)])
    #expect(part == [.ok, .low])
  }

  @Test func theReserveBlocks() {
    let marks = DiskWatermarks(lowByteCount: 0, lowFraction: 0, reservedByteCount: 500)
    #expect(states(marks, [sight(500), sight(499), sight(500)]) == [.ok, .writeBlocked, .ok])
  }

  /// It ends with an append that succeeds, or with more space; until then it stays.
  @Test func aFailure() {
    let marks = DiskWatermarks(lowByteCount: 0, lowFraction: 0)
    let byAppend = states(
      marks,
      [sight(0), sight(0, failures: 1), sight(0, failures: 1), sight(0, failures: 1, end: 1)])
    #expect(byAppend == [.ok, .writeBlocked, .writeBlocked, .ok])
    let bySpace = states(
      marks, [sight(9, failures: 1), sight(9, failures: 1), sight(10, failures: 1)])
    #expect(bySpace == [.writeBlocked, .writeBlocked, .ok])
    let again = states(
      marks,
      [
        sight(0, failures: 1), sight(5, failures: 1), sight(0, failures: 2),
        sight(0, failures: 2),
      ])
    #expect(again == [.writeBlocked, .ok, .writeBlocked, .writeBlocked])
  }

  /// Any sequence: it is blocked only after a failure or below the reserve, and never stays so once both
  /// an append has succeeded and there is space.
  @Test(arguments: 0..<200) func whateverIsSeen(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    let marks = DiskWatermarks(lowByteCount: 60, lowFraction: 0, reservedByteCount: 10)
    var watch = SpaceWatch(marks)
    var (failures, end, hasFailed) = (0, Int64(0), false)
    for _ in 0..<200 {
      let free = Int(random.next() % 100)
      switch random.next() % 4 {
      case 0: (failures, hasFailed) = (failures + 1, true)
      case 1: end += 1
      default: break
      }
      _ = watch.see(sight(free, failures: failures, end: end))
      if free < 10 { #expect(watch.state == .writeBlocked) }
      if watch.state == .writeBlocked { #expect(free < 10 || hasFailed) }
      _ = watch.see(sight(100, failures: failures, end: end + 1))
      end += 1
      #expect(watch.state == .ok)
      hasFailed = false
    }
  }
}
