import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// What compaction, ours or Kafka's, was doing when its process ended is finished or undone by names.
@Suite struct InterruptedReplacementTests {
  private let keyed = KeyedWreck()

  /// A closed log, beside whose files there are others.
  private func make(_ files: [String: [UInt8]]) throws {
    let log = try keyed.open()
    try keyed.fill(log, upTo: 28)
    try log.closeNow()
    for (name, bytes) in files {
      let file = try OpenFile("/log/" + name, .writingOrCreating, in: keyed.disk)
      try file.write(bytes.span.bytes, at: 0)
    }
  }

  private func name(
    _ base: Offset, _ kind: SegmentFileName.Kind, _ transition: SegmentFileName.Transition?
  ) -> String {
    SegmentFileName(base, kind, transition: transition).description
  }

  /// The bytes of segments, one behind the other.
  private func bytes(_ bases: [Offset]) throws -> [UInt8] {
    let other = KeyedWreck()
    let log = try other.open()
    try other.fill(log, upTo: 28)
    return bases.flatMap { other.wreck.segment($0) }
  }

  private func expectAll(_ bases: [Offset]) throws {
    let log = try keyed.open()
    let damage = log.recovery?.damage ?? []
    #expect(damage == [])
    #expect(log.segments.map(\.baseOffset) == bases)
    #expect(try log.stored() == keyed.all(0..<28))
    #expect(keyed.names.allSatisfy { $0.split(separator: ".").count == 2 })
    try log.closeNow()
    let again = try keyed.open()
    #expect(again.recovery == nil)
    #expect(try again.stored() == keyed.all(0..<28))
    try again.closeNow()
  }

  @Test func whatIsNotDecidedIsUndone() throws {
    try make([
      name(0, .log, .cleaned): [1, 2, 3], name(0, .offsetIndex, .swap): [4],
      name(8, .log, .swap): try bytes([8]), name(8, .timeIndex, .swap): [5],
    ])
    try expectAll([0, 8, 16, 24])
  }

  @Test func whatIsDecidedIsFinished() throws {
    try make([name(0, .log, .swap): try bytes([0, 8])])
    try expectAll([0, 16, 24])
    #expect(keyed.wreck.segment(0).count == 16 * Wreck.batchByteCount)
    #expect(keyed.wreck.bytes(name(8, .offsetIndex, nil)) == nil)
  }

  /// As Kafka has it with a segment whose offsets do not fit into one.
  @Test func oneBecomesMany() throws {
    let all = try bytes([8])
    let half = all.count / 2
    try make([
      name(8, .log, .swap): Array(all[..<half]), name(12, .log, .swap): Array(all[half...]),
    ])
    try expectAll([0, 8, 12, 16, 24])
  }

  /// Killed between the renames: what has its name already is not taken for what it replaces. An index that
  /// is gone costs time, and one of aborted transactions more than that.
  @Test func whatHasItsNameAlreadyIsKept() throws {
    let kept: [SegmentFileName.Kind] = [.offsetIndex, .transactionIndex]
    try make([
      name(0, .log, .swap): try bytes([0, 8]), name(0, .timeIndex, .swap): [6],
      name(0, .offsetIndex, nil): [7], name(0, .transactionIndex, nil): [8],
    ])
    let replacement = InterruptedReplacement(
      directory: "/log", fileSystem: keyed.disk, configuration: LogConfiguration())
    let before = kept.map { keyed.wreck.bytes(name(0, $0, nil)) }
    let isFinished = try replacement.finish(try keyed.disk.list("/log"))
    #expect(isFinished)
    #expect(kept.map { keyed.wreck.bytes(name(0, $0, nil)) } == before)
    #expect(keyed.wreck.bytes(name(0, .timeIndex, nil)) == [6])
    #expect(keyed.wreck.segment(0).count == 16 * Wreck.batchByteCount)
    #expect(
      !keyed.names.contains { $0.hasSuffix(".swap") || $0.hasPrefix("00000000000000000008.") })
  }

  /// A file that has its name already leaves others to be named.
  @Test func whatHasBegunToTakeItsNameIsFinished() throws {
    try make([name(16, .offsetIndex, .swap): try keyed.index(16)])
    try expectAll([0, 8, 16, 24])
  }
}

extension KeyedWreck {
  /// An index of a segment, as it is on disk once that is full.
  fileprivate func index(_ base: Offset) throws -> [UInt8] {
    let other = KeyedWreck()
    let log = try other.open()
    try other.fill(log, upTo: 28)
    return try #require(
      other.wreck.bytes(SegmentFileName(base, .offsetIndex).description))
  }
}
