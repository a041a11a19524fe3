import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// What `verify()` finds, and what readers are told from then on.
@Suite struct VerifyTests {
  private let wreck: Wreck

  init() { wreck = Wreck() }

  private init(_ wreck: Wreck) { self.wreck = wreck }

  /// Makes a log of two segments in their final form and one that is written.
  private func make(_ change: (Wreck) throws -> Void = { _ in }) throws -> Log {
    let log = try wreck.open()
    try wreck.fill(log, upTo: 21)
    try log.closeNow()
    try change(wreck)
    return try wreck.open()
  }

  @Test func aLogAsItWasWritten() throws {
    let log = try make()
    let found = try log.verifyNow()
    #expect(found.isSound && found.damage == [])
    #expect(found.segments.map(\.baseOffset) == [0, 8, 16])
    #expect(found.segments.map(\.endOffset) == [8, 16, 21])
    #expect(found.segments.map(\.basis) == [.digest, .digest, .digest])
    #expect(found.segments.map(\.index) == [.sound, .sound, nil])
    #expect(found.byteCount == 21 * Wreck.batchByteCount)
    #expect(log.segments.allSatisfy { $0.lastVerified == .at(wreck.clock.wallMilliseconds) })
    try log.closeNow()
  }

  @Test func damageIsToldAndKnownFromThenOn() throws {
    let log = try make {
      try $0.flip(3)
      try $0.flip(12)
    }
    let lost = [Wreck.damage(3), Wreck.damage(12)]
    let found = try log.verifyNow()
    #expect(found.damage == lost && !found.isSound)
    #expect(wreck.events.damage == lost)
    #expect(log.segments.map(\.damage) == [[lost[0]], [lost[1]], []])
    try Wreck.expect(log, lost: lost, end: 21)
    // Told once.
    #expect(try log.verifyNow().damage == lost)
    #expect(wreck.events.damage == lost)
    try log.closeNow()
    // And by the next opening, too, which does not look at what is sealed.
    let again = try wreck.open()
    #expect(again.recovery?.damage == lost)
    try Wreck.expect(again, lost: lost, end: 21)
    try again.closeNow()
  }

  /// The segment that is written has no other sum than the one that the log has of it.
  @Test func damageInTheSegmentThatIsWritten() throws {
    let log = try make { try $0.flip(18) }
    #expect(log.recovery == nil)
    try wreck.fill(log, upTo: 23)
    #expect(try log.verifyNow().damage == [Wreck.damage(18)])
    try Wreck.expect(log, lost: [Wreck.damage(18)], end: 23)
    // It is written on, and gets its final form, or the log is closed before.
    let other = wreck.fork()
    try wreck.fill(log, upTo: 26)
    try Wreck.expect(log, lost: [Wreck.damage(18)], end: 26)
    try log.closeNow()
    try expectKnown([Wreck.damage(18)], end: 26)
    let inner = VerifyTests(other)
    other.disk.crash(.kill, seed: 0)
    try inner.expectKnown([Wreck.damage(18)], end: 23)
  }

  /// A batch that only what all of them add up to shows to be another: once that is known, it stays so.
  @Test(arguments: [23, 24, 26])
  func damageInTheSegmentThatIsWrittenThatNoChecksumShows(_ end: Offset) throws {
    let log = try make { try $0.flip(20, at: 15) }
    #expect(try log.verifyNow().damage == [Wreck.damage(20)])
    try wreck.fill(log, upTo: end)
    try log.closeNow()
    try expectKnown([Wreck.damage(20)], end: end)
  }

  /// What is found last may lie before what was known first.
  @Test func damageBeforeAMissingSegment() throws {
    let lost = DamagedRange(
      segmentBaseOffset: 0, offsets: 8..<16, positions: 4096..<4096)
    let log = try make {
      try $0.flip(3)
      try $0.remove(8)
    }
    #expect(log.recovery?.damage == [lost])
    #expect(try log.verifyNow().damage == [Wreck.damage(3), lost])
    try log.closeNow()
    let again = try wreck.open()
    #expect(again.recovery?.damage == [Wreck.damage(3), lost])
    let (records, told) = try again.storedPassing()
    #expect(records == Wreck.stored(0..<3) + Wreck.stored(4..<8) + Wreck.stored(16..<21))
    #expect(told == [Wreck.damage(3), lost])
    try again.closeNow()
  }

  /// A segment of which something was lost before is looked through when something else cannot be.
  @Test func moreIsLostThanWasKnown() throws {
    let lost = DamagedRange(
      segmentBaseOffset: 0, offsets: 8..<16, positions: 4096..<4096)
    try make { try $0.remove(8) }.closeNow()
    // The offset of the first batch, which no checksum covers, is one that no batch can have.
    try wreck.write(
      [0x7F] + [UInt8](repeating: 0xFF, count: 7), to: wreck.path(0).log, at: 0, keepsTime: true)
    let log = try wreck.open()
    #expect(log.recovery?.damage == [lost])
    let (records, told) = try log.storedPassing()
    #expect(told == [Wreck.damage(0), lost])
    #expect(records == Wreck.stored(1..<8) + Wreck.stored(16..<21))
    #expect(error { try log.recordNow(at: 0) }?.damage == Wreck.damage(0))
    try log.closeNow()
  }

  /// A batch that seems to reach into the next segment, over the next batch or beyond the log is lost, and
  /// not those.
  @Test(arguments: [Offset(15), 12], [UInt8(0), 1])
  func aBatchThatReachesTooFar(_ offset: Offset, _ high: UInt8) throws {
    let log = try make { try $0.stretch(offset, to: (high, 3)) }
    // The batch itself may have been served before; what lies behind it is.
    let (records, lost) = try log.storedPassing()
    #expect(lost.contains { $0.segmentBaseOffset == 8 && $0.offsets.contains(offset) })
    let told = lost.flatMap {
      Array($0.offsets.lowerBound.rawValue..<$0.offsets.upperBound.rawValue)
    }
    for stored in Wreck.stored(0..<21) where !told.contains(stored.offset.rawValue) {
      let isThere = records.contains(stored)
      #expect(isThere, "\(stored.offset)")
    }
    try log.closeNow()
  }

  /// Nor does it end what is sent, as if nothing came behind it.
  @Test func aBatchThatReachesBeyondTheLog() throws {
    let log = try make { try $0.stretch(12, to: (1, 3)) }
    let reader = ZeroCopyReader(log)
    var (from, found, lost): (Offset, [Range<Offset>], [DamagedRange]) = (0, [], [])
    while from < log.end {
      do {
        let slice = try #require(try reader.slice(from: .offset(from)), "from \(from)")
        found.append(slice.offsets)
        from = slice.offsets.upperBound
      } catch {
        let part = try #require((error as? LogError)?.damage)
        lost.append(part)
        from = part.offsets.upperBound
      }
    }
    #expect(lost.map(\.offsets) == [12..<13])
    #expect(found == [0..<8, 8..<12, 13..<16, 16..<21])
    try log.closeNow()
  }

  /// Of the only batch of the segment that is written, too: what is appended behind it is there.
  @Test(arguments: [UInt8(0), 1, 66, 127])
  func theLastBatchOfAllReachesTooFar(_ high: UInt8) throws {
    let log = try wreck.open()
    try wreck.fill(log, upTo: 17)
    try log.closeNow()
    // Far, or not so far, and always further than there is.
    try wreck.stretch(16, to: (high, 3))
    let again = try wreck.open()
    #expect(again.end == 17)
    let (before, lost) = try again.storedPassing()
    #expect(before == Wreck.stored(0..<16) && lost.map(\.offsets) == [16..<17])
    try wreck.fill(again, upTo: 20)
    let (records, same) = try again.storedPassing()
    #expect(records == before + Wreck.stored(17..<20) && same == lost)
    try again.closeNow()
  }

  /// Closed and opened again, and once more.
  private func expectKnown(_ lost: [DamagedRange], end: Offset) throws {
    for _ in 0..<2 {
      let log = try wreck.open()
      #expect(log.recovery?.damage == lost)
      try Wreck.expect(log, lost: lost, end: end)
      try log.closeNow()
    }
  }

  /// No checksum covers a batch's offset and epoch: what all batches add up to does.
  @Test(arguments: [7, 15, 12])
  func aBitThatNoChecksumCovers(_ byte: Int) throws {
    // The last batch of its segment: nothing behind it contradicts it.
    for offset: Offset in [8, 11, 15] {
      let log = try make { try $0.flip(offset, at: byte) }
      #expect(try log.verifyNow().damage == [Wreck.damage(offset)], "\(offset)")
      try Wreck.expect(log, lost: [Wreck.damage(offset)], end: 21)
      try log.closeNow()
      for name in wreck.disk.files(in: wreck.directory).keys {
        try wreck.disk.unlink(wreck.directory + "/" + name)
      }
    }
  }

  @Test func indexes() throws {
    let log = try make { wreck in
      let path = wreck.path(0)
      let bytes = wreck.bytes(SegmentFileName(0, .offsetIndex).description) ?? []
      // The last entry leads into the midst of a batch.
      try wreck.write(
        [bytes[bytes.count - 1] ^ 8], to: path.offsetIndex, at: bytes.count - 1)
      try wreck.disk.unlink(wreck.path(8).timeIndex)
    }
    let found = try log.verifyNow()
    #expect(found.damage == [] && !found.isSound)
    guard case .wrong = found.segments[0].index else {
      Issue.record("the index is \(String(describing: found.segments[0].index))")
      return
    }
    #expect(found.segments[1].index == .missing)
    try log.closeNow()
  }

  /// Another interval makes other entries, which lead where they say all the same.
  @Test func indexesOfAnotherInterval() throws {
    try make().closeNow()
    var sparse = wreck
    sparse.configuration.indexIntervalByteCount = 4096
    let log = try sparse.open()
    #expect(try log.verifyNow().isSound)
    try log.closeNow()
  }

  @Test func epochsAgainstTheList() throws {
    let log = try wreck.open()
    try log.beginEpoch(2)
    try wreck.fill(log, upTo: 5)
    try log.beginEpoch(4)
    try wreck.fill(log, upTo: 21)
    #expect(try log.verifyNow().isSound)
    log.epochs.update { $0.truncate(from: 5) }
    let conflicts = try log.verifyNow().segments.flatMap(\.epochConflicts)
    #expect(conflicts.map(\.offsets) == [5..<8, 8..<16, 16..<21])
    #expect(conflicts.allSatisfy { $0.epoch == 4 && $0.listed == 2 })
    try log.closeNow()
  }

  @Test func aFileThatSomebodyHasCut() throws {
    let log = try make { try $0.cut(8, to: Wreck.position(12) + 50) }
    let part = Wreck.damage(12..<16)
    // Opening has seen that the file is another one.
    #expect(log.recovery?.damage.map(\.offsets) == [part.offsets])
    try wreck.cut(0, to: Wreck.position(6))
    let found = try log.verifyNow().damage
    #expect(found.map(\.offsets) == [6..<8, 12..<16])
    #expect(error { try log.recordNow(at: 7) }?.damage == found[0])
    #expect(try log.recordNow(at: 8) == Wreck.record(8))
    try log.closeNow()
  }

  @Test func aReaderOfAnotherProcess() throws {
    let log = try make { try $0.flip(3) }
    let reader = try wreck.open(mode: .readOnly)
    let found = try reader.verifyNow()
    #expect(found.damage == [Wreck.damage(3)])
    #expect(found.segments.map(\.basis) == [.digest, .digest, .checksums])
    try reader.closeNow()
    try log.closeNow()
  }

  @Test func whileTheLogIsWritten() async throws {
    try await Place(medium: .memory, writer: .mapped).withDirectory { directory in
      let log = try await Log.open(
        at: directory,
        configuration: Place(medium: .memory, writer: .mapped).configuration(
          segmentByteCount: 64 << 10),
        runtime: LogRuntime(), environment: .unsynced)
      let writer = Task {
        for number in 0..<4000 { try log.append(Record(value: "record \(number)")) }
      }
      for _ in 0..<5 {
        let found = try await log.verify()
        #expect(found.damage == [] && found.segments.allSatisfy { $0.epochConflicts == [] })
      }
      try await writer.value
      #expect(try await log.verify().isSound)
      try await log.close()
    }
  }

  @Test func aTailIsToldWhatIsLost() async throws {
    let log = try make { try $0.flip(11) }
    var next: Offset = 0
    do {
      for try await batch in log.tail(from: .earliest) { next = batch.header.nextOffset }
    } catch {
      #expect(error.damage == Wreck.damage(11))
    }
    #expect(next == 11)
    for try await batch in log.tail(from: .offset(12)) {
      next = batch.header.nextOffset
      if next == 21 { break }
    }
    #expect(next == 21)
    try await log.close()
  }

  /// A log that others have left, in which a batch is broken and stands once more, whole, behind the next
  /// one: what lies between them counts no more once that is found, and who was served it is told.
  private func withStaleCopy(_ body: (Log) async throws -> Void) async throws {
    try make().closeNow()
    try wreck.disk.unlink("/log/varve.side")
    let batch = Array(wreck.segment(0)[Wreck.position(5)..<Wreck.position(6)])
    try wreck.flip(5, at: 7)
    try wreck.write(batch, to: wreck.path(0).log, at: Wreck.position(7))
    let log = try wreck.open(mode: .readOnly)
    try await body(log)
    try await log.close()
  }

  private static let betweenCopies = DamagedRange(
    segmentBaseOffset: 0, offsets: 5..<7, positions: Wreck.position(5)..<Wreck.position(7))

  @Test func aScanIsToldWhatItWasServedInVain() async throws {
    try await withStaleCopy { log in
      func read() throws {
        var scan = try log.scan(from: .offset(6))
        let first = try scan.next()?.header.baseOffset
        #expect(first == 6)
        for _ in 0..<2 {
          var told: DamagedRange?
          do { _ = try scan.next() } catch { told = error.damage }
          #expect(told == Self.betweenCopies)
        }
        scan.skip(past: Self.betweenCopies)
        let next = try scan.next()?.header.baseOffset
        #expect(next == 8)
      }
      try read()
      // Who has not been served it sees what counts.
      let (records, lost) = try log.storedPassing()
      #expect(lost == [])
      #expect(records == Wreck.stored(0..<6) + Wreck.stored(8..<21))
    }
  }

  @Test func aTailIsToldWhatItWasServedInVain() async throws {
    try await withStaleCopy { log in
      var offsets: [Offset] = []
      do {
        for try await batch in log.tail(from: .offset(6)) {
          offsets.append(batch.header.baseOffset)
        }
      } catch let error as LogError {
        #expect(error.damage == Self.betweenCopies)
      }
      #expect(offsets == [6])
      for try await batch in log.tail(from: .offset(7)) {
        offsets.append(batch.header.baseOffset)
        if offsets.count == 3 { break }
      }
      #expect(offsets == [6, 8, 9])
    }
  }
}
