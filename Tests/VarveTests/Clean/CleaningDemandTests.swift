import Testing
import VarveTesting

@testable import Varve

/// When a log is cleaned before its interval is over, and when appends wait for that.
@Suite struct CleaningDemandTests {
  private func isDue(_ new: Int, free: Int?) -> Bool {
    CleaningDemand(newByteCount: new, freeByteCount: free, segmentByteCount: 100).isDue
  }

  @Test func asMuchIsNewAsHalfOfWhatIsFree() {
    #expect(!isDue(499, free: 1000) && isDue(500, free: 1000))
    #expect(!isDue(1_000_000, free: nil))
  }

  /// What could go is no less.
  @Test func aSegmentIsNew() {
    #expect(!isDue(99, free: 0) && isDue(100, free: 0))
    #expect(!isDue(99, free: 100))
  }

  @Test func appendsWaitWhereLessThanHalfIsFreeOfWhatCountsAsLow() {
    var watch = SpaceWatch(DiskWatermarks(lowByteCount: 1000, lowFraction: 0))
    #expect(!watch.isScarce && watch.freeByteCount == nil)
    for (free, isScarce) in [(1000, false), (500, false), (499, true), (0, true), (600, false)] {
      _ = watch.see(
        SpaceWatch.Sight(freeByteCount: free, totalByteCount: 1 << 30, failureCount: 0, end: 0))
      #expect(watch.isScarce == isScarce, "\(free)")
      #expect(watch.freeByteCount == free)
    }
  }

  /// To a log whose disk holds eight segments, forty are appended.
  @Test func aLogIsCleanedBeforeTheDiskIsFull() throws {
    var keyed = KeyedWreck()
    keyed.wreck.configuration.cleaner = .compact()
    keyed.wreck.configuration.segmentByteCount = 64 << 10
    keyed.disk.faults = .full(at: 8 * 64 << 10)
    let log = try keyed.open()
    try keyed.fill(log, upTo: 128)
    #expect(log.cleanerStatus.count == 0)
    try keyed.fill(log, upTo: 5120)
    #expect(log.cleanerStatus.failure == nil)
    #expect(log.cleanerStatus.count > 5)
    let table = try log.table()
    #expect(table == keyed.latest(before: 5120))
    try log.closeNow()
  }
}

extension KeyedWreck {
  /// What each key was given last.
  fileprivate func latest(before end: Int64) -> [String: [UInt8]] {
    let records = (0..<end).map { record(Offset(rawValue: $0)) }
    return Dictionary(
      records.map { (String(decoding: $0.key ?? [], as: UTF8.self), $0.value ?? []) },
      uniquingKeysWith: { $1 })
  }
}
