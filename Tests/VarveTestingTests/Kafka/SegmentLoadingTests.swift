import Testing
import Varve
import VarveTesting

/// Which segments Kafka finds, and what it makes of damage to their files: its fourth pass.
@Suite struct SegmentLoadingTests {
  private typealias Directory = KafkaDirectory

  @Test(arguments: [SegmentFileName.Kind.offsetIndex, .timeIndex, .transactionIndex])
  func anIndexWithoutALogGoes(_ kind: SegmentFileName.Kind) throws {
    var directory = Directory()
    try directory.add(10...19)
    directory[3, kind] = [1, 2, 3]
    let outcome = try directory.load(cleanly: true)
    #expect(outcome.removed == [Directory.name(3, kind)])
    #expect(outcome.actions.first == .removed(Directory.name(3, kind), .orphaned))
    #expect(outcome.logStartOffset == 10)
  }

  @Test(arguments: [true, false])
  func aMissingOffsetIndexIsWrittenAnew(_ cleanly: Bool) throws {
    var directory = Directory()
    try directory.add(0...9)
    try directory.add(10...19)
    let original = directory.files
    directory[0, .offsetIndex] = nil
    directory[0, .timeIndex] = [1, 2, 3]
    let outcome = try directory.load(cleanly: cleanly, recoveryPoint: 20)
    #expect(outcome.actions.contains(.recovered(segment: 0)))
    for (name, bytes) in original { #expect(outcome.files[name] == bytes) }
  }

  /// After a clean stop, that a segment has to be cut lets no other one go.
  @Test func aSegmentThatIsCutForWantOfAnIndexLeavesAHole() throws {
    var directory = Directory()
    try directory.add(0...9)
    try directory.add(10...19)
    directory[0, .offsetIndex] = nil
    let byteCount = try #require(directory[0, .log]).count
    let batch = byteCount / 10
    directory[0, .log]?[5 * batch + 100] ^= 1
    let outcome = try directory.load(cleanly: true, recoveryPoint: 20)
    #expect(outcome.actions.contains(.cut(segment: 0, from: byteCount, to: 5 * batch)))
    #expect(try outcome.offsets == list(0...4) + list(10...19))
    #expect(try outcome.batch(holding: 7)?.baseOffset == 10)
  }

  @Test func aMissingTimeIndexIsEmptyAfterACleanStop() throws {
    var directory = Directory()
    try directory.add(0...9)
    try directory.add(10...19)
    let original = directory.files
    directory[0, .timeIndex] = nil
    let clean = try directory.load(cleanly: true)
    #expect(clean[0, .timeIndex] == [])
    #expect(clean.actions.contains(.created(Directory.name(0, .timeIndex))))
    // Above the recovery point it is written anew, and below it is not.
    #expect(try directory.load(cleanly: false, recoveryPoint: 10)[0, .timeIndex] == [])
    let unclean = try directory.load(cleanly: false, recoveryPoint: 9)
    #expect(unclean[0, .timeIndex] == original[Directory.name(0, .timeIndex)])

    // Its times are those of the file, so a look-up is led astray.
    #expect(try unclean.first(atOrAfter: Directory.time(of: 15))?.offset == 15)
    #expect(try clean.first(atOrAfter: Directory.time(of: 15)) == nil)
    directory.modified[Directory.name(0, .log)] = Directory.time(of: 9)
    let dated = try directory.load(cleanly: true)
    #expect(try dated.first(atOrAfter: Directory.time(of: 15))?.offset == 15)
    #expect(try dated.first(atOrAfter: Directory.time(of: 5))?.offset == 5)
  }

  @Test func aTransactionIndexOfOtherOffsetsIsWrittenAnew() throws {
    var directory = Directory()
    try directory.add(0...9)
    try directory.add(
      10,
      [
        Directory.batch(10...11, producer: 7), Directory.batch(12...12, producer: 8),
        Directory.marker(.aborted, at: 13, producer: 7),
        Directory.marker(.committed, at: 14, producer: 8),
        Directory.batch(15...15, producer: 8), Directory.marker(.aborted, at: 16, producer: 8),
      ])
    // While the first one was aborted, the other one was open.
    let index = entry(7, 10, 13, lastStable: 12) + entry(8, 15, 16, lastStable: 17)
    directory[10, .transactionIndex] = index
    let sound = try directory.load(cleanly: true)
    #expect(sound.altered.isEmpty && sound.removed.isEmpty)

    directory[10, .transactionIndex] = entry(7, 1, 9, lastStable: 10)
    let outcome = try directory.load(cleanly: true)
    #expect(outcome.altered == [Directory.name(10, .transactionIndex)])
    #expect(outcome[10, .transactionIndex] == index)
    // What trails is no entry.
    directory[10, .transactionIndex] = index + [1, 2, 3]
    #expect(try directory.load(cleanly: true).altered.isEmpty)
    #expect(try directory.load(cleanly: false)[10, .transactionIndex] == index)

    directory[10, .transactionIndex] = [1] + index.dropFirst()
    #expect(
      throws: KafkaLoaderModel.Failure.transactionIndexVersion(
        file: Directory.name(10, .transactionIndex))
    ) { try directory.load(cleanly: true) }
  }

  /// A transaction may end in another segment than it began in.
  @Test func aTransactionIndexKnowsOfEarlierSegments() throws {
    var directory = Directory()
    try directory.add(0, [Directory.batch(0...3, producer: 7)])
    try directory.add(4, [Directory.marker(.aborted, at: 4, producer: 7)])
    let outcome = try directory.load(cleanly: false, recoveryPoint: 4)
    #expect(outcome[4, .transactionIndex] == entry(7, 0, 4, lastStable: 5))
    #expect(outcome[0, .transactionIndex] == nil)
  }

  private func entry(
    _ producer: Int64, _ first: Int64, _ last: Int64, lastStable: Int64
  ) -> [UInt8] {
    [0, 0]
      + [producer, first, last, lastStable].flatMap { number in
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
      }
  }

  /// Contents of indexes are not looked at below the recovery point, nor after a clean stop.
  @Test func contentsAreNotLookedAt() throws {
    var directory = Directory()
    try directory.add(0...9)
    try directory.add(10...19)
    let original = directory.files
    directory[0, .offsetIndex]?[7] ^= 0xff
    directory[0, .timeIndex]?[3] ^= 0xff
    directory[0, .log]?[100] ^= 1
    let damaged = directory.files
    for outcome in [
      try directory.load(cleanly: true), try directory.load(cleanly: false, recoveryPoint: 10),
    ] {
      for (name, bytes) in damaged where name != "leader-epoch-checkpoint" {
        #expect(outcome.files[name] == bytes)
      }
      #expect(try outcome.batches.first?.isIntact == false)
      #expect(throws: LogError.self) { try outcome.recordBatches() }
    }
    directory[0, .log] = original[Directory.name(0, .log)]
    let outcome = try directory.load(cleanly: false, recoveryPoint: 9)
    for (name, bytes) in original { #expect(outcome.files[name] == bytes) }
  }

  @Test func withoutASegmentThereIsOne() throws {
    for (cleanly, start) in [(true, 0), (false, 0), (true, 42), (false, 42)] as [(Bool, Offset)] {
      let outcome = try KafkaLoaderModel(files: ["varve.side": [1]])
        .load(cleanly: cleanly, recoveryPoint: 7, logStartOffset: start)
      #expect(outcome.segments == [start])
      #expect(outcome.logStartOffset == start && outcome.logEndOffset == start)
      #expect(outcome.recoveryPoint == min(7, start))
      #expect(outcome.actions.contains(.createdSegment(start)))
      #expect(outcome[start, .log] == [])
      #expect(try outcome.batches.isEmpty)
      #expect(outcome.files["varve.side"] == [1])
    }
  }
}
