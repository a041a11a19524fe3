import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Somebody has removed files of a log.
@Suite struct MissingSegmentTests {
  private let wreck = Wreck()

  enum End: CaseIterable { case close, kill, power }

  private func make(_ end: End) throws {
    let log = try wreck.open()
    try wreck.fill(log, upTo: 29)
    try log.waitNow(for: 29)
    switch end {
    case .close: try log.closeNow()
    case .kill: wreck.disk.crash(.kill, seed: 0)
    case .power: try wreck.reboot()
    }
  }

  /// What lay between two others is reported, and read around.
  @Test(arguments: End.allCases, [[8], [16], [8, 16]] as [[Offset]])
  func inTheMiddle(_ end: End, _ missing: [Offset]) throws {
    try make(end)
    for base in missing { try wreck.remove(base) }
    let (first, last) = (try #require(missing.first), try #require(missing.last))
    let before = first.advanced(by: -8)
    let part = DamagedRange(
      segmentBaseOffset: before, offsets: first..<last.advanced(by: 8), positions: 4096..<4096)
    for round in 0..<3 {
      let log = try wreck.open()
      #expect(log.recovery?.damage == [part], "round \(round)")
      try Wreck.expect(log, lost: [part], end: Offset(rawValue: Int64(29 + round)))
      try log.appendDurably(Wreck.record(log.end))
      try log.closeNow()
    }
  }

  /// One after the other, with a life of the log in between.
  @Test(arguments: [[8, 16], [16, 8]] as [[Offset]])
  func oneAfterTheOther(_ missing: [Offset]) throws {
    try make(.kill)
    for base in missing {
      try wreck.remove(base)
      let log = try wreck.open()
      _ = try log.storedPassing()
      try log.closeNow()
    }
    let log = try wreck.open()
    let (records, lost) = try log.storedPassing()
    #expect(records == Wreck.stored(0..<8) + Wreck.stored(24..<29))
    #expect(lost.first?.offsets.lowerBound == 8 && lost.last?.offsets.upperBound == 24)
    #expect(log.recovery?.damage == lost)
    try log.closeNow()
  }

  @Test(arguments: End.allCases) func theFirstOnes(_ end: End) throws {
    try make(end)
    for base: Offset in [0, 8] { try wreck.remove(base) }
    let log = try wreck.open()
    #expect(log.start == 16)
    try Wreck.expect(log, end: 29)
    #expect(error { try log.recordNow(at: 15) }?.code == .trimmed)
    try log.closeNow()
  }

  @Test(arguments: [End.kill, .power]) func theLastOne(_ end: End) throws {
    try make(end)
    try wreck.remove(24)
    let log = try wreck.open()
    let part = DamagedRange(
      segmentBaseOffset: 16, offsets: 24..<29, positions: 4096..<4096)
    #expect(log.recovery?.damage == [part])
    try Wreck.expect(log, lost: [part], end: 29)
    try log.closeNow()
  }

  /// Whoever took them all may give them back.
  @Test(arguments: End.allCases) func all(_ end: End) throws {
    try make(end)
    let saved = wreck.fork()
    for base: Offset in [0, 8, 16, 24] { try wreck.remove(base) }
    for _ in 0..<2 {
      let refusal = error { try wreck.open() }
      #expect(refusal?.code == .corrupt)
      #expect(refusal?.message.contains("varve.side") == true)
      #expect(wreck.disk.openDescriptorCount == 0)
    }
    for base: Offset in [0, 8, 16, 24] {
      let file = try OpenFile(wreck.path(base).log, .creating, in: wreck.disk)
      try file.write(saved.segment(base).span.bytes, at: 0)
    }
    let log = try wreck.open()
    #expect(log.recovery?.damage ?? [] == [])
    try Wreck.expect(log, end: 29)
    try log.closeNow()
  }
}
