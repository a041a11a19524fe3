import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Damage in a segment in its final form: opening does not look at it while its seal binds.
@Suite struct SealedDamageTests {
  private let wreck = Wreck()

  /// How the process ended.
  enum End: CaseIterable { case close, kill, power }

  /// Makes a log of two sealed segments, and damages the batch at offset 3.
  private func make(_ end: End, keepsTime: Bool) throws {
    let log = try wreck.open()
    try wreck.fill(log, upTo: 21)
    try log.waitNow(for: 21)
    if end == .close { try log.closeNow() } else { wreck.disk.crash(.kill, seed: 0) }
    try wreck.flip(3, keepsTime: keepsTime)
    if end == .power { try wreck.reboot() }
  }

  @Test(arguments: End.allCases) func isNotLookedAt(_ end: End) throws {
    try make(end, keepsTime: true)
    let log = try wreck.open()
    #expect((log.recovery == nil) == (end == .close))
    #expect(log.recovery?.damage ?? [] == [])
    #expect(log.recovery?.readByteCount ?? 0 <= wreck.configuration.segmentByteCount)
    #expect(log.end == 21)
    // A reader sees it.
    let failure = error { try log.recordNow(at: 3) }
    #expect(failure?.code == .corrupt && failure?.damage == Wreck.damage(3))
    #expect(try log.recordNow(at: 4) == Wreck.record(4))
    try log.closeNow()
  }

  /// Somebody wrote to the file: then it is gone through, and what is lost is known from then on.
  @Test(arguments: End.allCases) func isFoundOnceTheFileHasChanged(_ end: End) throws {
    try make(end, keepsTime: false)
    for round in 0..<3 {
      let log = try wreck.open()
      #expect(log.recovery?.damage == [Wreck.damage(3)], "round \(round)")
      #expect(log.recovery?.cutByteCount == 0)
      try Wreck.expect(log, lost: [Wreck.damage(3)], end: Offset(rawValue: Int64(21 + round)))
      try log.appendDurably(Wreck.record(log.end))
      if round == 0 { wreck.disk.crash(.kill, seed: 0) } else { try log.closeNow() }
    }
    // Not gone through once more.
    #expect(try wreck.open().recovery?.readByteCount == 0)
  }

  @Test(arguments: End.allCases) func aFileThatWasReplacedByItsLike(_ end: End) throws {
    let log = try wreck.open()
    try wreck.fill(log, upTo: 21)
    try log.waitNow(for: 21)
    if end == .close { try log.closeNow() } else { wreck.disk.crash(.kill, seed: 0) }
    let bytes = wreck.segment(8)
    try wreck.disk.unlink(wreck.path(8).log)
    let file = try OpenFile(wreck.path(8).log, .creating, in: wreck.disk)
    try file.write(bytes.span.bytes, at: 0)
    if end == .power { try wreck.reboot() }
    let again = try wreck.open()
    #expect(again.recovery?.damage ?? [] == [])
    try Wreck.expect(again, end: 21)
    try again.closeNow()
  }

  /// A reader in another process knows what is lost, too.
  @Test func aReaderOfAnotherProcess() throws {
    try make(.kill, keepsTime: false)
    let log = try wreck.open()
    let reader = try wreck.open(mode: .readOnly)
    try Wreck.expect(reader, lost: [Wreck.damage(3)], end: 21)
    try reader.closeNow()
    try log.closeNow()
  }

  @Test func aTailGoesOnBehindIt() async throws {
    try make(.kill, keepsTime: false)
    let log = try wreck.open()
    for start: Offset in [0, 2, 3] {
      await #expect(throws: LogError.self) {
        for try await batch in log.tail(from: .offset(start)) {
          #expect(batch.header.baseOffset < 3)
        }
      }
    }
    var next: Offset = 4
    for try await batch in log.tail(from: .offset(4)) {
      #expect(batch.header.baseOffset == next)
      next = batch.header.nextOffset
      if next == 21 { break }
    }
    #expect(next == 21)
    try await log.close()
  }
}
