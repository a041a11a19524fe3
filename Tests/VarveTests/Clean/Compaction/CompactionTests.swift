import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Logs of which the last record of each key is kept.
@Suite struct CompactionTests {
  private var keyed = KeyedWreck()

  private func pass(_ milliseconds: Int64) {
    keyed.wreck.clock.advance(byMilliseconds: milliseconds)
  }

  @Test func theLastOfEachKeyIsLeft() throws {
    let log = try keyed.open()
    try keyed.fill(log, upTo: 28)
    let report = try #require(try log.compactNow(below: 24))
    #expect(report.end == 24)
    #expect(report.segmentCount == 3 && report.replacedSegmentCount == 3)
    #expect(report.droppedRecordCount == 21)
    #expect(report.byteCountBefore == 24 * Wreck.batchByteCount)
    let left = keyed.compacted(below: 24, end: 28)
    #expect(left.map(\.offset) == [21, 22, 23, 24, 25, 26, 27])
    #expect(try log.stored() == left)
    // What a segment ends with stays, and be it nothing but its offsets.
    #expect(try log.headers(until: 21).map(\.recordCount) == [0, 0])
    #expect(report.byteCountAfter == 3 * Wreck.batchByteCount + 2 * 61)
    try expectReads(log, left)
    // Again, there is nothing to do.
    #expect(try log.compactNow(below: 24) == nil)
    try log.closeNow()
    let again = try keyed.open()
    #expect(again.recovery == nil)
    #expect(try again.compactNow(below: 24) == nil)
    try expectReads(again, left)
    try again.closeNow()
  }

  /// Every way to read finds what is left.
  private func expectReads(_ log: Log, _ left: [StoredRecord]) throws {
    #expect(try log.stored() == left)
    for offset in log.start.rawValue..<log.end.rawValue {
      let offset = Offset(rawValue: offset)
      let record = left.first { $0.offset == offset }?.record
      #expect(try log.recordNow(at: offset) == record)
      let next = left.first { $0.offset >= offset }
      #expect(try log.stored(from: .offset(offset)).first { $0.offset >= offset } == next)
      #expect(try log.firstNow(at: Wreck.time(of: offset))?.offset == next?.offset)
      #expect(
        try log.sliceNow(from: .offset(offset)).map { $0.offsets.upperBound > offset } == true)
    }
  }

  @Test func neighboursBecomeOne() throws {
    var keyed = keyed
    let log = try keyed.makeSmallSegments(upTo: 28)
    let last = try keyed.disk.status(at: keyed.wreck.path(16).log).modified
    let report = try #require(try log.compactNow(below: 24))
    #expect(report.replacedSegmentCount == 3 && report.writtenSegmentCount == 1)
    #expect(log.segments.map(\.baseOffset) == [0, 24])
    #expect(log.segments[0].offsets == 0..<24)
    let left = keyed.compacted(below: 24, end: 28)
    try expectReads(log, left)
    let names = keyed.names.filter { !$0.hasSuffix(".snapshot") }
    #expect(
      names == [
        "00000000000000000000.index", "00000000000000000000.log", "00000000000000000000.timeindex",
        "00000000000000000024.index", "00000000000000000024.log", "00000000000000000024.timeindex",
      ])
    #expect(try keyed.disk.status(at: keyed.wreck.path(0).log).modified == last)
    try log.closeNow()
    let again = try keyed.open()
    #expect(again.recovery == nil)
    try expectReads(again, left)
    try again.closeNow()
  }

  @Test func segmentsOfWhichNothingGoesStay() throws {
    var keyed = keyed
    keyed.keyCount = 200
    let log = try keyed.open()
    try keyed.fill(log, upTo: 28)
    let before = keyed.disk.files(in: "/log")
    let report = try #require(try log.compactNow(below: 24))
    #expect(report.replacedSegmentCount == 0 && report.droppedRecordCount == 0)
    #expect(report.byteCountAfter == report.byteCountBefore)
    let after = keyed.disk.files(in: "/log")
    for (name, bytes) in before where name != LogFileNames.sideFile {
      #expect(after[name] == bytes)
    }
    try log.closeNow()
  }

  /// With room for few keys, each compaction goes as far as these, and the next one goes on there.
  @Test(arguments: [1, 2, 5])
  func aSmallMapGetsOnStepByStep(_ count: Int) throws {
    var keyed = keyed
    keyed.keyCount = 7
    let log = try keyed.open()
    try keyed.fill(log, upTo: 28)
    var ends: [Offset] = []
    let limits = CompactionLimits(mapByteCount: 24 * (count * 4 / 3 + 1))
    while let report = try log.compactNow(below: 24, limits: limits) {
      ends.append(report.end)
      let latest = Dictionary(
        (0..<28).map { ($0 % 7, $0) } as [(Int64, Int64)], uniquingKeysWith: { max($0, $1) })
      let found = Dictionary(
        try log.stored().map { ($0.offset.rawValue % 7, $0.offset.rawValue) },
        uniquingKeysWith: { max($0, $1) })
      #expect(found == latest)
      try #require(ends.count < 40)
    }
    #expect(ends == ends.sorted() && ends.last == 24 && ends.count > 2)
    try log.closeNow()
  }

  @Test func tombstonesStayForAsLongAsTheyAreTo() throws {
    let log = try keyed.open()
    try log.append(Record(key: "a", value: "1"))
    try log.append(Record(key: "b", value: "1"))
    try log.append([Record(key: "a", value: nil), Record(key: "c", value: "1")])
    try keyed.fill(log, upTo: 32)
    let retention = Duration.milliseconds(1000)
    try log.compactNow(below: log.segments.last!.baseOffset, retention: retention)
    var found = try log.stored(until: 4)
    #expect(found.map(\.offset) == [1, 2, 3])
    let header = try #require(try log.headers(until: 4).last { $0.recordCount == 2 })
    #expect(header.deleteHorizon?.rawValue == keyed.wreck.clock.wallMilliseconds + 1000)
    #expect(header.baseOffset == 2 && header.lastOffset == 3)
    for (wait, offsets): (Int64, [Offset]) in [(999, [1, 2, 3]), (1, [1, 3])] {
      pass(wait)
      try keyed.fill(log, upTo: log.end.advanced(by: 10))
      try log.compactNow(below: log.segments.last!.baseOffset, retention: retention)
      found = try log.stored(until: 4)
      #expect(found.map(\.offset) == offsets)
    }
    #expect(found.last?.record.value == Array("1".utf8))
    try log.closeNow()
  }

  @Test func recordsWithoutAKeyGo() throws {
    let log = try keyed.open()
    try log.append([Record(value: "no key"), Record(key: "", value: "an empty one")])
    try keyed.fill(log, upTo: 20)
    let report = try #require(try log.compactNow(below: 9))
    #expect(report.unkeyedRecordCount == 1)
    #expect(try log.stored(until: 2).map(\.record.value) == [Array("an empty one".utf8)])
    try log.closeNow()
  }

  @Test func aThrottleTakesItsTime() throws {
    let log = try Log.open(
      at: "/log", configuration: keyed.wreck.configuration,
      runtime: LogRuntime(steppedBy: keyed.wreck.clock, compactionBytesPerSecond: 10_000),
      environment: LogEnvironment(
        fileSystem: keyed.disk, time: keyed.wreck.clock, random: SeededRandom(seed: 1)))
    try keyed.fill(log, upTo: 28)
    let start = keyed.wreck.clock.monotonicNanoseconds
    try log.compactNow(below: 24)
    // Twice what there is is read, and some of it written.
    let seconds = (keyed.wreck.clock.monotonicNanoseconds - start) / 1_000_000_000
    #expect(seconds >= 2 && seconds <= 4)
    try log.closeNow()
  }

  // MARK: Those who read meanwhile

  @Test func slicesKeepTheirBytes() throws {
    var keyed = keyed
    let log = try keyed.makeSmallSegments(upTo: 28)
    let reader = ZeroCopyReader(log)
    let slice = try #require(try reader.slice(from: .offset(3), maximumByteCount: 1100))
    let bytes = try slice.withBytes { Array($0) }
    try log.compactNow(below: 24)
    #expect(try slice.withBytes { Array($0) } == bytes)
    #expect(log.pinnedSegments.map(\.isRemoved) == [true])
    // What comes behind it is found in what the segment has become.
    let next = try #require(try reader.slice(after: slice))
    #expect(next.offsets == 21..<24 && next.segmentBaseOffset == 0)
    try log.closeNow()
  }

  @Test(arguments: [0, 1, 5, 8, 12, 20, 23, 24, 27])
  func aScanGoesOnWhereItIs(_ count: Int) throws {
    var keyed = keyed
    let log = try keyed.makeSmallSegments(upTo: 28)
    var scan = try log.scan(from: .earliest)
    var found: [Offset] = []
    for _ in 0..<count {
      let header = try scan.next()?.header
      found.append(try #require(header).baseOffset)
    }
    try log.compactNow(below: 24)
    while let batch = try scan.next() {
      if batch.header.recordCount > 0 { found.append(batch.header.baseOffset) }
    }
    #expect(found == found.sorted() && Set(found).count == found.count)
    // The rest of the segment that it was in, and what is left behind that.
    let left = keyed.compacted(below: 24, end: 28).map(\.offset)
    #expect(Array(found.suffix(left.count)) == left)
    try log.closeNow()
  }

  @Test func aTailGoesOnWhereItIs() async throws {
    var keyed = keyed
    let log = try keyed.makeSmallSegments(upTo: 28)
    var tail = log.tail(from: .earliest).makeAsyncIterator()
    var found: [Offset] = []
    for _ in 0..<3 { found.append(try #require(try await tail.next()).header.baseOffset) }
    _ = try await compact(log)
    while found.last != 27 {
      let header = try #require(try await tail.next()).header
      if header.recordCount > 0 { found.append(header.baseOffset) }
    }
    #expect(found == found.sorted() && Set(found).count == found.count)
    #expect(Set(found).isSuperset(of: keyed.compacted(below: 24, end: 28).map(\.offset)))
    try await log.close()
  }

  private func compact(_ log: Log) async throws -> CompactionReport? {
    try log.compactNow(below: 24)
  }

  // MARK: By itself

  @Test func aLogIsCompactedByItself() throws {
    var wreck = keyed.wreck
    wreck.configuration.cleaner = .compact(minimumDirtyRatio: 0.5, deleteRetention: .seconds(60))
    wreck.configuration.cleaningInterval = .seconds(10)
    let log = try wreck.open()
    try keyed.fill(log, upTo: 28)
    pass(11_000)
    while log.runtime.step() {}
    #expect(log.cleanerStatus.compactedBelow == 24)
    #expect(log.cleanerStatus.compactedByteCount > 0)
    let reports = wreck.events.cleanings
    #expect(reports.count == 1 && reports[0].compaction?.end == 24)
    // Until enough is new, nothing is done.
    try keyed.fill(log, upTo: 31)
    pass(11_000)
    while log.runtime.step() {}
    #expect(wreck.events.cleanings.count == 1)
    #expect(log.cleanerStatus.failure == nil)
    try log.closeNow()
  }

  @Test func closedLogsAreLeftAlone() throws {
    let log = try keyed.open()
    try keyed.fill(log, upTo: 28)
    try log.closeNow()
    #expect(error { try log.compactNow(below: 24) }?.code == .closed)
    let again = try keyed.open()
    #expect(try again.stored() == keyed.all(0..<28))
    try again.closeNow()
  }
}
