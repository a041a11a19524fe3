import Testing
import Varve
import VarveTesting

/// What Kafka cuts and drops after an unclean stop: its passes from the fifth on.
@Suite struct LoaderRecoveryTests {
  private typealias Directory = KafkaDirectory

  /// What a crash may do to a batch.
  enum Damage: CaseIterable { case torn, zeros, flippedBit, otherLength, oldFormat }

  private func damage(_ log: inout [UInt8], from position: Int, _ damage: Damage) {
    switch damage {
    case .torn: log.removeSubrange((position + 70)...)
    case .zeros: log.replaceSubrange(position..<position + 100, with: repeatElement(0, count: 100))
    case .flippedBit: log[position + 500] ^= 4
    case .otherLength: log[position + 11] ^= 1
    case .oldFormat: log[position + 16] = 1
    }
  }

  /// The first bad batch and all behind it go, later segments with it, though they be sound.
  @Test(arguments: Damage.allCases)
  func theLogIsCutAtTheFirstBadBatch(_ kind: Damage) throws {
    var directory = Directory()
    for base: Int64 in [0, 10, 20, 30] {
      try directory.add(base...base + 9)
      directory[Offset(rawValue: base), .producerSnapshot] = Directory.emptySnapshot
    }
    var expected = Directory()
    try expected.add(0...9)
    try expected.add(10...14)
    let batch = try #require(directory[10, .log]).count / 10
    damage(&directory[10, .log]!, from: 5 * batch, kind)
    let byteCount = try #require(directory[10, .log]).count

    let outcome = try directory.load(cleanly: false, recoveryPoint: 3)
    #expect(outcome.segments == [0, 10])
    #expect(outcome.logEndOffset == 15)
    #expect(outcome.recoveryPoint == 3)
    #expect(try outcome.offsets == list(0...14))
    for (name, bytes) in expected.files { #expect(outcome.files[name] == bytes) }
    #expect(
      outcome.actions.filter { if case .cut = $0 { true } else { false } }
        == [.cut(segment: 10, from: byteCount, to: 5 * batch)])
    #expect(
      outcome.actions.filter { if case .dropped = $0 { true } else { false } }
        == [20, 30].map {
          .dropped(segment: $0, byteCount: 10 * batch, .behindCut(of: 10))
        })
    #expect(outcome[20, .producerSnapshot] == nil && outcome[30, .producerSnapshot] == nil)
    // Every offset is found through the new indexes.
    for offset: Int64 in 0..<15 {
      let found = try outcome.batch(holding: Offset(rawValue: offset))
      #expect(found?.baseOffset.rawValue == offset)
    }
    #expect(try outcome.batch(holding: 15) == nil)
  }

  /// The zeros of a file that was extended beforehand make later segments go, though not a record
  /// of their own segment is lost.
  @Test func zerosBehindASegmentDropThoseAfterIt() throws {
    var directory = Directory()
    try directory.add(0...9)
    try directory.add(10...19)
    let byteCount = try #require(directory[0, .log]).count
    directory[0, .log]?.append(contentsOf: [UInt8](repeating: 0, count: 4096))
    let outcome = try directory.load(cleanly: false, recoveryPoint: 5)
    #expect(outcome.actions.contains(.cut(segment: 0, from: byteCount + 4096, to: byteCount)))
    #expect(try outcome.offsets == list(0...9))
    // Below the recovery point it is read all the same, if it takes that to know the producers, and
    // then Kafka does not start.
    #expect(
      throws: KafkaLoaderModel.Failure.corruptBatch(
        file: Directory.name(0, .log), position: byteCount)
    ) { try directory.load(cleanly: false, recoveryPoint: 10) }
    // Where it is not read, it is believed.
    directory[10, .producerSnapshot] = Directory.emptySnapshot
    let believed = try directory.load(cleanly: false, recoveryPoint: 10)
    #expect(believed.segments == [0, 10])
    #expect(believed[0, .log] == directory[0, .log])
    #expect(throws: KafkaLoaderModel.Failure.self) { try believed.batches }
    #expect(try believed.batch(holding: 9)?.baseOffset == 9)
    #expect(try believed.batch(holding: 10)?.baseOffset == 10)
  }

  /// So do a few bytes too few for a header, of which Kafka says nothing otherwise.
  @Test(arguments: [1, 17, 18, 60])
  func bytesBehindASegmentDropThoseAfterIt(_ count: Int) throws {
    var directory = Directory()
    try directory.add(0...9)
    try directory.add(10...19)
    directory[0, .log]?.append(contentsOf: [UInt8](repeating: 0x55, count: count))
    #expect(try directory.load(cleanly: true).offsets == list(0...19))
    #expect(try directory.load(cleanly: false).offsets == list(0...9))
  }

  /// After a clean stop, zeros behind the last batch keep the broker from starting.
  @Test func zerosBehindTheLogAfterACleanStop() throws {
    var directory = Directory()
    try directory.add(0...9)
    let byteCount = try #require(directory[0, .log]).count
    directory[0, .log]?.append(contentsOf: [UInt8](repeating: 0, count: 100))
    #expect(
      throws: KafkaLoaderModel.Failure.corruptBatch(
        file: Directory.name(0, .log), position: byteCount)
    ) { try directory.load(cleanly: true) }
    #expect(try directory.load(cleanly: false).offsets == list(0...9))
  }

  /// A segment whose offsets go back is not cut there, but emptied.
  @Test func offsetsThatDoNotGrowEmptyTheSegment() throws {
    var directory = Directory()
    try directory.add(0...9)
    try directory.add(20...29)
    directory[10, .log] =
      try list(10...15).flatMap { try Directory.batch($0...$0) } + Directory.batch(11...11)
      + Directory.batch(12...12) + Directory.batch(13...13)
    directory[10, .offsetIndex] = []
    let outcome = try directory.load(cleanly: false)
    #expect(outcome[10, .log] == [] && outcome[10, .offsetIndex] == [])
    #expect(outcome.segments == [0, 10])
    #expect(outcome.logEndOffset == 10)
    #expect(try outcome.offsets == list(0...9))
    // While it looks for segments it cannot do that.
    directory[10, .offsetIndex] = nil
    #expect(throws: KafkaLoaderModel.Failure.invalidOffset(segment: 10, 11)) {
      try directory.load(cleanly: true)
    }
  }

  /// Kafka does not compare a batch's offset with the one before it.
  @Test func offsetsThatGoBackBetweenEntriesStay() throws {
    var directory = Directory()
    try directory.add(
      0, [Directory.batch(0...4), Directory.batch(2...3), Directory.batch(5...9)])
    let outcome = try directory.load(cleanly: false)
    #expect(outcome.altered.isEmpty)
    #expect(outcome.logEndOffset == 10)
  }

  @Test(arguments: [3, 6_000_000_000] as [Int64])
  func offsetsOutOfASegmentsReach(_ offset: Int64) throws {
    var directory = Directory()
    try directory.add(5...9)
    directory[5, .log]? += try Directory.batch(offset...offset)
    #expect(
      throws: KafkaLoaderModel.Failure.offsetOutOfRange(segment: 5, Offset(rawValue: offset))
    ) { try directory.load(cleanly: false) }
  }

  @Test func theRecoveryPointIsNotRaised() throws {
    var directory = Directory()
    try directory.add(0...9)
    #expect(try directory.load(cleanly: true, recoveryPoint: 3).recoveryPoint == 10)
    #expect(try directory.load(cleanly: false, recoveryPoint: 3).recoveryPoint == 3)
    #expect(try directory.load(cleanly: false, recoveryPoint: 300).recoveryPoint == 10)
  }

  @Test func aLogThatEndsBeforeItsStartIsDropped() throws {
    var directory = Directory()
    try directory.add(0...9, epoch: 1)
    directory.files["leader-epoch-checkpoint"] = Array("0\n1\n1 0\n".utf8)
    directory[10, .producerSnapshot] = Directory.emptySnapshot
    let within = try directory.load(cleanly: true, logStartOffset: 10)
    #expect(within.segments == [0] && within.logStartOffset == 10)
    #expect(try within.batches.isEmpty)

    let outcome = try directory.load(cleanly: true, logStartOffset: 11)
    #expect(outcome.segments == [11])
    #expect(outcome.logStartOffset == 11 && outcome.logEndOffset == 11)
    #expect(outcome.leaderEpochs.isEmpty)
    #expect(outcome.files["leader-epoch-checkpoint"] == Array("0\n0\n".utf8))
    #expect(outcome[0, .log] == nil && outcome[10, .producerSnapshot] == nil)
    #expect(outcome.recoveryPoint == 0)
  }
}
