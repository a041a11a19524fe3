import Testing

@testable import Varve

/// When a log goes on in a new segment: "more than", and not "as much as".
@Suite struct RollRuleTests {
  private let rule = RollRule(
    segmentByteCount: 1000, segmentAge: 60_000, offsetEntryLimit: 10, timeEntryLimit: 5)

  private func facts(
    byteCount: Int = 500, first: Int64? = 1_000_000, created: Int64 = 5_000_000,
    offsetEntries: Int = 0, timeEntries: Int = 0
  ) -> RollRule.Facts {
    RollRule.Facts(
      baseOffset: 100, byteCount: byteCount, firstTimestamp: first, created: created,
      offsetEntryCount: offsetEntries, timeEntryCount: timeEntries)
  }

  private func incoming(
    byteCount: Int = 100, lastOffset: Int64 = 200, timestamp: Int64 = 1_000_000
  ) -> RollRule.Incoming {
    RollRule.Incoming(byteCount: byteCount, lastOffset: lastOffset, timestamp: timestamp)
  }

  @Test func nothingIsDue() {
    #expect(rule.reason(facts(), incoming(), now: 5_000_000) == nil)
  }

  private static let bytesTable: [(Int, RollReason?)] = [(500, nil), (501, .bytes), (1000, .bytes)]

  @Test(arguments: bytesTable)
  func bytes(_ byteCount: Int, _ reason: RollReason?) {
    #expect(rule.reason(facts(), incoming(byteCount: byteCount), now: 0) == reason)
  }

  private static let recordsTimesTable: [(Int64, RollReason?)] = [
    (1_060_000, nil), (1_060_001, .age), (-1, nil), (0, nil),
  ]

  @Test(arguments: recordsTimesTable)
  func recordsTimes(_ timestamp: Int64, _ reason: RollReason?) {
    // The wall clock has no say where the first record has a time.
    for now: Int64 in [0, .max] {
      #expect(rule.reason(facts(), incoming(timestamp: timestamp), now: now) == reason)
    }
  }

  private static let theWallClockTable: [(Int64, RollReason?)] = [
    (5_060_000, nil), (5_060_001, .age), (0, nil),
  ]

  @Test(arguments: theWallClockTable)
  func theWallClock(_ now: Int64, _ reason: RollReason?) {
    for first: Int64? in [nil, -1] {
      for timestamp: Int64 in [-1, 0, .max] {
        #expect(
          rule.reason(facts(first: first), incoming(timestamp: timestamp), now: now) == reason)
      }
    }
    #expect(rule.isOld(facts(), now: now) == (reason == .age))
  }

  private static let offsetsTable: [(Int64, RollReason?)] = [
    (100 + 0x7fff_ffff, nil), (101 + 0x7fff_ffff, .offset),
  ]

  @Test(arguments: offsetsTable)
  func offsets(_ lastOffset: Int64, _ reason: RollReason?) {
    #expect(rule.reason(facts(), incoming(lastOffset: lastOffset), now: 0) == reason)
    #expect(rule.reason(facts(byteCount: 0), incoming(lastOffset: lastOffset), now: 0) == reason)
  }

  /// One entry of the time index is kept for the last one.
  @Test(arguments: [
    (9, 3, nil), (10, 0, RollReason.index), (0, 4, .index), (11, 5, .index),
  ])
  func indexes(_ offsets: Int, _ times: Int, _ reason: RollReason?) {
    let facts = facts(offsetEntries: offsets, timeEntries: times)
    #expect(rule.reason(facts, incoming(), now: 0) == reason)
    #expect(rule.isFull(facts) == (reason == .index))
  }

  /// An empty segment is there to be filled, however old it is.
  @Test func anEmptySegment() {
    let empty = facts(byteCount: 0, first: nil, created: 0)
    #expect(rule.reason(empty, incoming(byteCount: 1000), now: .max) == nil)
    #expect(!rule.isOld(empty, now: .max))
  }

  @Test func thereIsNoTimeBehindTheLast() {
    let endless = RollRule(
      segmentByteCount: 1000, segmentAge: .max, offsetEntryLimit: 10, timeEntryLimit: 5)
    #expect(endless.latest(after: 5) == .max)
    #expect(endless.reason(facts(first: 5), incoming(timestamp: .max), now: .max) == nil)
  }
}
