import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Damage in the part of a log that opening goes through.
@Suite struct UnsealedDamageTests {
  private let wreck = Wreck()

  /// Expects the same report of what was lost, now and whenever it is opened again.
  private func expectDamage(
    _ lost: [DamagedRange], end: Offset, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var log = try wreck.open()
    #expect(log.recovery?.damage == lost, sourceLocation: sourceLocation)
    #expect(log.recovery?.cutByteCount == 0, sourceLocation: sourceLocation)
    try Wreck.expect(log, lost: lost, end: end, sourceLocation: sourceLocation)
    // Appends go on in a segment that has lost nothing.
    #expect(log.segments.last?.baseOffset == end, sourceLocation: sourceLocation)
    try wreck.fill(log, upTo: end.advanced(by: 3))
    try Wreck.expect(log, lost: lost, end: end.advanced(by: 3), sourceLocation: sourceLocation)
    for crash in [nil, Crash.kill, .power] {
      if let crash { wreck.disk.crash(crash, seed: 1) } else { try log.closeNow() }
      log = try wreck.open()
      #expect(log.recovery?.damage == lost, sourceLocation: sourceLocation)
      try Wreck.expect(log, lost: lost, end: log.end, sourceLocation: sourceLocation)
      try log.appendDurably(Wreck.record(log.end))
    }
    try log.closeNow()
  }

  @Test(arguments: [Offset(16), 18, 20])
  func aBitBelowTheDurableEnd(_ offset: Offset) throws {
    try wreck.make(durable: 21, end: 23)
    try wreck.flip(offset)
    try expectDamage([Wreck.damage(offset)], end: 23)
  }

  /// The same after another start of the machine.
  @Test(arguments: [Offset(16), 18, 20])
  func aBitBelowTheDurableEndOfAnotherBoot(_ offset: Offset) throws {
    try wreck.make(durable: 21, end: 23)
    try wreck.flip(offset)
    try wreck.reboot()
    try expectDamage([Wreck.damage(offset)], end: 23)
  }

  /// Also outside of what the checksum covers: a batch that says a greater offset is whole, and does
  /// not fit before the next one.
  @Test func anyByteOfTheHeader() throws {
    try wreck.make(durable: 21, end: 21)
    for byte in [0, 4, 6, 7, 8, 11, 12, 15, 16, 17, 21, 60] {
      let wreck = wreck.fork()
      try wreck.flip(18, at: byte)
      let log = try wreck.open()
      #expect(log.recovery?.damage == [Wreck.damage(18)], "byte \(byte)")
      let (records, lost) = try log.storedPassing()
      #expect(records == Wreck.stored(0..<18) + Wreck.stored(19..<21), "byte \(byte)")
      #expect(lost == [Wreck.damage(18)], "byte \(byte)")
      try log.closeNow()
    }
  }

  @Test func severalParts() throws {
    try wreck.make(durable: 23, end: 23)
    for offset: Offset in [16, 18, 19] { try wreck.flip(offset) }
    try expectDamage([Wreck.damage(16), Wreck.damage(18..<20)], end: 23)
  }

  /// What lies behind the durable records in the file, and was not synced, is not the log's after
  /// another start of the machine.
  @Test func theLastDurableBatch() throws {
    try wreck.make(durable: 21, end: 22)
    try wreck.flip(20)
    try wreck.flip(21)
    try wreck.reboot()
    let log = try wreck.open()
    let part = DamagedRange(
      segmentBaseOffset: 16, offsets: 20..<21, positions: Wreck.position(20)..<Wreck.position(22))
    #expect(log.recovery?.damage == [part])
    try Wreck.expect(log, lost: [part], end: 21)
    try log.closeNow()
  }

  @Test func aFileThatWasCutBelowTheDurableEnd() throws {
    try wreck.make(durable: 21, end: 21)
    try wreck.cut(16, to: Wreck.position(19))
    let part = DamagedRange(
      segmentBaseOffset: 16, offsets: 19..<21, positions: Wreck.position(19)..<Wreck.position(19))
    try expectDamage([part], end: 21)
  }

  @Test func aFileThatWasCutWithinADurableBatch() throws {
    try wreck.make(durable: 21, end: 21)
    try wreck.cut(16, to: Wreck.position(19) + 30)
    let part = DamagedRange(
      segmentBaseOffset: 16, offsets: 19..<21,
      positions: Wreck.position(19)..<Wreck.position(19) + 30)
    try expectDamage([part], end: 21)
  }

  /// No machine has started anew: a hole that batches lie behind is no torn end.
  @Test func aHoleBeforeBatchesThatWereNotDurable() throws {
    try wreck.make(durable: 17, end: 23)
    try wreck.write([UInt8](repeating: 0, count: 700), to: wreck.path(16).log, at: 1100)
    try expectDamage([Wreck.damage(18..<20)], end: 23)
  }
}
