import Testing
import Varve
import VarveTesting

/// Where Kafka's look-ups lead in indexes that it does not check.
@Suite struct BelievedIndexTests {
  private func directory(_ segments: ClosedRange<Int64>...) throws -> KafkaDirectory {
    var directory = KafkaDirectory()
    for offsets in segments { try directory.add(offsets) }
    return directory
  }

  @Test func allIsFoundThroughSoundIndexes() throws {
    let outcome = try directory(0...99, 100...149).load(cleanly: true)
    #expect(outcome.altered.isEmpty && outcome.removed.isEmpty)
    for offset: Int64 in 0..<150 {
      #expect(try outcome.batch(holding: Offset(rawValue: offset))?.baseOffset.rawValue == offset)
      let time = KafkaDirectory.time(of: offset)
      #expect(try outcome.first(atOrAfter: time)?.offset?.rawValue == offset)
      let before = Timestamp(milliseconds: time.rawValue - 1)
      #expect(try outcome.first(atOrAfter: before)?.timestamp == time)
    }
    #expect(try outcome.batch(holding: 150) == nil)
    #expect(try outcome.first(atOrAfter: KafkaDirectory.time(of: 150)) == nil)
  }

  @Test func nothingIsServedBeforeTheStart() throws {
    let outcome = try directory(0...9, 10...19).load(cleanly: true, logStartOffset: 13)
    #expect(try outcome.batch(holding: 12) == nil)
    #expect(try outcome.batch(holding: 13)?.baseOffset == 13)
    #expect(try outcome.offsets == list(13...19))
    #expect(try outcome.first(atOrAfter: KafkaDirectory.time(of: 11))?.offset == 13)
    // Only one segment is looked into.
    #expect(try outcome.first(atOrAfter: KafkaDirectory.time(of: 5)) == nil)
  }

  /// An index that knows of more than the log has makes its segment look empty: its offsets would
  /// be given away a second time.
  @Test func anIndexThatIsAheadOfItsLogHidesIt() throws {
    var directory = try directory(0...9, 10...19)
    let batch = try #require(directory[10, .log]).count / 10
    directory[10, .log]?.removeLast(3 * batch)
    let outcome = try directory.load(cleanly: true)
    #expect(outcome.logEndOffset == 10)
    #expect(try outcome.offsets == list(0...9))
    #expect(try directory.load(cleanly: false).logEndOffset == 17)
  }

  /// Zeros behind an index's entries are entries too: all is found, by reading from the start.
  @Test func zerosInAnOffsetIndexLeadToTheStart() throws {
    var directory = try directory(0...49)
    directory[0, .offsetIndex]?.append(contentsOf: [UInt8](repeating: 0, count: 8 << 10))
    let outcome = try directory.load(cleanly: true)
    #expect(outcome.logEndOffset == 50)
    #expect(outcome.altered.isEmpty)
    for offset: Int64 in 0..<50 {
      #expect(try outcome.batch(holding: Offset(rawValue: offset))?.baseOffset.rawValue == offset)
    }
    #expect(try directory.load(cleanly: false).altered.count == 1)
  }

  /// In a time index they say that the segment is older than all records.
  @Test func zerosInATimeIndexHideTheSegment() throws {
    var directory = try directory(0...49)
    directory[0, .timeIndex]?.append(contentsOf: [UInt8](repeating: 0, count: 12))
    let outcome = try directory.load(cleanly: true)
    #expect(try outcome.first(atOrAfter: KafkaDirectory.time(of: 20)) == nil)
    #expect(
      try directory.load(cleanly: false).first(atOrAfter: KafkaDirectory.time(of: 20))?.offset
        == 20)
  }

  /// A position that is too far in passes a batch over.
  @Test func aWrongPositionHidesBatches() throws {
    var directory = try directory(0...9)
    let batch = try #require(directory[0, .log]).count / 10
    // The first entry: offset 2, which begins at twice the size.
    #expect(directory[0, .offsetIndex]?.prefix(4) == [0, 0, 0, 2])
    let position = UInt32(4 * batch)
    directory[0, .offsetIndex]?.replaceSubrange(
      4..<8, with: (0..<4).map { UInt8(truncatingIfNeeded: position >> (24 - 8 * $0)) })
    let outcome = try directory.load(cleanly: true)
    #expect(try outcome.batch(holding: 1)?.baseOffset == 1)
    #expect(try outcome.batch(holding: 2)?.baseOffset == 4)
    #expect(try directory.load(cleanly: false).batch(holding: 2)?.baseOffset == 2)
  }

  /// What lies within a batch is taken for a header, and says that the file ends too early.
  @Test func aPositionWithinABatchHidesAllBehindIt() throws {
    var directory = try directory(0...9)
    directory[0, .offsetIndex]?[7] ^= 0x40
    let outcome = try directory.load(cleanly: true)
    #expect(try outcome.batch(holding: 1)?.baseOffset == 1)
    #expect(try outcome.batch(holding: 3) == nil)
    #expect(try outcome.batch(holding: 4)?.baseOffset == 4)
  }
}
