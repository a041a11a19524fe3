import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// What a crash leaves of the end of a log is cut off, kept, and told.
@Suite struct TornEndTests {
  private let wreck = Wreck()

  private func expectCut(
    at end: Offset, byteCount: Int, segments: Int = 0, kept: [UInt8]?,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let log = try wreck.open()
    let report = try #require(log.recovery)
    #expect(report.damage == [], sourceLocation: sourceLocation)
    #expect(report.end == end && report.cutOffset == end, sourceLocation: sourceLocation)
    #expect(report.cutByteCount == byteCount, sourceLocation: sourceLocation)
    #expect(report.removedSegmentCount == segments, sourceLocation: sourceLocation)
    #expect(wreck.events.all.contains(.recovered(report)), sourceLocation: sourceLocation)
    #expect(wreck.bytes("varve.cut").map { Array($0[64...]) } == kept)
    try Wreck.expect(log, end: end, sourceLocation: sourceLocation)
    // Nothing of it comes back, whatever happens.
    try log.appendDurably(Wreck.record(end))
    wreck.disk.crash(.power, seed: 3)
    let again = try wreck.open()
    #expect(again.recovery?.cutByteCount == 0, sourceLocation: sourceLocation)
    try Wreck.expect(again, end: end.advanced(by: 1), sourceLocation: sourceLocation)
    try again.closeNow()
  }

  @Test(arguments: [1, 30, 61, 100, 511], [false, true])
  func aTornBatch(_ byteCount: Int, _ isBooted: Bool) throws {
    try wreck.make(durable: 20, end: 21)
    let rest = Array(wreck.segment(16)[Wreck.position(20)...].prefix(byteCount))
    try wreck.cut(16, to: Wreck.position(20) + byteCount)
    if isBooted { try wreck.reboot() }
    // A single zero is nothing.
    let isSomething = rest.contains { $0 != 0 }
    if isSomething {
      try expectCut(at: 20, byteCount: byteCount, kept: rest)
    } else {
      let log = try wreck.open()
      #expect(log.recovery?.cutByteCount == 0 && log.recovery?.damage == [])
      #expect(wreck.segment(16).count == Wreck.position(20))
      try Wreck.expect(log, end: 20)
      try log.closeNow()
    }
  }

  /// The machine has started anew, and a page is missing: what lies behind was not synced either.
  @Test func aHoleInWhatWasNotSynced() throws {
    try wreck.make(durable: 18, end: 23)
    try wreck.flip(20)
    try wreck.reboot()
    let rest = Array(wreck.segment(16)[Wreck.position(20)...])
    try expectCut(at: 20, byteCount: 3 * Wreck.batchByteCount, kept: rest)
  }

  /// Segments that lie behind a gap go, with their indexes.
  @Test func segmentsBehindWhatIsLost() throws {
    var wreck = wreck
    wreck.configuration.syncPolicy = .never
    let log = try wreck.open()
    try wreck.fill(log, upTo: 30)
    wreck.disk.crash(.kill, seed: 0)
    try wreck.flip(11)
    try wreck.reboot()
    let again = try wreck.open()
    let report = try #require(again.recovery)
    #expect(report.end == 11 && report.cutOffset == 11 && report.damage == [])
    #expect(report.removedSegmentCount == 2)
    #expect(report.cutByteCount == (5 + 8 + 6) * Wreck.batchByteCount)
    let names = try wreck.disk.list("/log").compactMap { SegmentFileName(parsing: $0) }
    #expect(Set(names.map(\.offset)) == [0, 8])
    try Wreck.expect(again, end: 11)
    try again.closeNow()
  }

  /// The same where the kernel still has all: then it is damage, and nothing is removed.
  @Test func segmentsBehindDamage() throws {
    var wreck = wreck
    wreck.configuration.syncPolicy = .never
    let log = try wreck.open()
    try wreck.fill(log, upTo: 30)
    wreck.disk.crash(.kill, seed: 0)
    try wreck.flip(11)
    let again = try wreck.open()
    #expect(again.recovery?.damage == [Wreck.damage(11)])
    try Wreck.expect(again, lost: [Wreck.damage(11)], end: 30)
    try again.closeNow()
  }

  /// No space for what is cut off: the log is opened all the same.
  @Test func aFullDisk() throws {
    try wreck.make(durable: 20, end: 21)
    try wreck.cut(16, to: Wreck.position(20) + 300)
    wreck.disk.faults = .failing(on: "varve.cut", with: .noSpace, fromThenOn: true)
    let log = try wreck.open()
    #expect(log.recovery?.cutByteCount == 300)
    wreck.disk.faults = .none
    #expect(wreck.bytes("varve.cut").map(\.count) ?? 0 == 0)
    try Wreck.expect(log, end: 20)
    try log.closeNow()
  }

  /// The space that was allocated for appends is no rest of anything.
  @Test func zerosAreGivenBack() throws {
    try wreck.make(durable: 20, end: 21)
    try wreck.write([0], to: wreck.path(16).log, at: 100_000)
    let log = try wreck.open()
    #expect(log.recovery?.cutByteCount == 0 && log.recovery?.cutOffset == nil)
    #expect(wreck.segment(16).count == Wreck.position(21))
    #expect(wreck.bytes("varve.cut") == nil)
    try Wreck.expect(log, end: 21)
    try log.closeNow()
  }
}
