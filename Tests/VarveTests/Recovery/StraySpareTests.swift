import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Spares with batches in them that do not go on where the last segment ends.
@Suite struct StraySpareTests {
  private let wreck = Wreck()

  /// Leaves a log whose process was killed with four records in its last segment, which a spare has, too.
  private func makeCopy(durable: Offset) throws -> [UInt8] {
    try wreck.make(durable: durable, end: 12)
    let batches = Array(wreck.segment(8)[..<(4 * Wreck.batchByteCount)])
    let path = wreck.directory + "/" + LogFileNames.spare(7)
    try OpenFile(path, .creating, in: wreck.disk).write(batches.span.bytes, at: 0)
    return batches
  }

  /// Opened, twice, and read: all is there once, and no spare is left.
  private func expectAll() throws {
    for _ in 0..<2 {
      let log = try wreck.open()
      #expect(log.segments.map(\.baseOffset) == [0, 8])
      let (records, lost) = try log.storedPassing()
      let areAll = records == Wreck.stored(0..<12)
      #expect(areAll && lost.isEmpty && log.end == 12)
      try log.closeNow()
      #expect(wreck.disk.files(in: wreck.directory).keys.allSatisfy { !$0.contains("spare") })
    }
  }

  @Test func aCopyOfTheLastSegment() throws {
    _ = try makeCopy(durable: 12)
    try expectAll()
  }

  /// What the spare has is all that there is, and its name is taken by nothing.
  @Test func whereTheLastSegmentIsEmpty() throws {
    let batches = try makeCopy(durable: 8)
    let zeros = [UInt8](repeating: 0, count: batches.count)
    try wreck.write(zeros, to: wreck.path(8).log, at: 0)
    try expectAll()
  }
}
