import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Records that are deleted from a log's start on.
@Suite struct DeleteRecordsTests {
  private let wreck = Wreck()

  private func open(upTo end: Offset) throws -> Log {
    let log = try wreck.open()
    try log.beginEpoch(1)
    try wreck.fill(log, upTo: 10)
    try log.beginEpoch(2)
    try wreck.fill(log, upTo: end)
    return log
  }

  private func expect(_ log: Log, from start: Offset, to end: Offset) throws {
    #expect(log.start == start && log.end == end)
    let base = start < Wreck.base(of: end) ? Wreck.base(of: start) : Wreck.base(of: end)
    #expect(log.segments.first?.baseOffset == base)
    let records = try log.stored().filter { $0.offset >= start }
    #expect(records == Wreck.stored(start..<end))
    for offset in (0 as Offset)..<start {
      #expect(error { try log.recordNow(at: offset) }?.code == .trimmed)
      #expect(error { try log.sliceNow(from: .offset(offset)) }?.code == .trimmed)
      let found = try log.firstNow(at: Wreck.time(of: offset))
      #expect(found?.offset == (start < end ? start : nil))
    }
    let logs = wreck.disk.files(in: wreck.directory).keys
      .compactMap { SegmentFileName(parsing: $0) }.filter { $0.kind == .log }
    #expect(logs.map(\.offset).min() == base)
  }

  @Test(arguments: [1, 7, 8, 9, 16, 23, 24, 27, 28] as [Offset])
  func upToAnywhere(_ start: Offset) throws {
    let log = try open(upTo: 28)
    #expect(try log.deleteRecordsNow(before: start) == start)
    try expect(log, from: start, to: 28)
    #expect(log.durableEnd >= start)
    #expect(log.highWatermark == start)
    let kept: [LeaderEpochStart] =
      start < 10
      ? [.init(epoch: 1, startOffset: start), .init(epoch: 2, startOffset: 10)]
      : [.init(epoch: 2, startOffset: start)]
    #expect(log.leaderEpochs == kept)
    // It only goes up.
    #expect(try log.deleteRecordsNow(before: start.advanced(before: 1)) == start)
    try log.closeNow()
    let again = try wreck.open()
    #expect(again.recovery == nil)
    try expect(again, from: start, to: 28)
    if start < 28 { #expect(again.leaderEpochs == kept) }
    try wreck.fill(again, upTo: 40)
    try expect(again, from: start, to: 40)
    #expect(try again.headers().last?.leaderEpoch == 2)
    try again.closeNow()
  }

  @Test func onlyWhatIsReplicated() throws {
    let log = try open(upTo: 28)
    #expect(error { try log.deleteRecordsNow(before: 29) }?.code == .invalidArgument)
    log.advanceHighWatermark(to: 12)
    #expect(error { try log.deleteRecordsNow(before: 13) }?.code == .invalidArgument)
    #expect(try log.deleteRecordsNow(before: 12) == 12)
    try expect(log, from: 12, to: 28)
    let reader = try wreck.open(mode: .readOnly)
    #expect(reader.start == 12)
    #expect(error { try reader.deleteRecordsNow(before: 20) }?.code == .invalidArgument)
    try reader.closeNow()
    try log.closeNow()
    #expect(error { try log.deleteRecordsNow(before: 20) } != nil)
  }

  /// A cut before the start takes the start along.
  @Test(arguments: [17, 18, 20, 3] as [Offset])
  func thenCut(_ cut: Offset) throws {
    let log = try open(upTo: 28)
    try log.deleteRecordsNow(before: 18)
    try log.truncateNow(to: cut)
    #expect(log.start == min(18, cut) && log.end == cut)
    try wreck.fill(log, upTo: 30)
    try log.closeNow()
    let again = try wreck.open()
    #expect(again.start == min(18, cut) && again.end == 30)
    let records = try again.stored().filter { $0.offset >= again.start }
    #expect(records == Wreck.stored(again.start..<30))
    try again.closeNow()
  }

  /// Who reads what is removed goes on in it, and is told when something is missing behind.
  @Test(arguments: Place.all)
  func readers(_ place: Place) async throws {
    try await FilledLog.with(place) { filled, reader in
      let log = filled.log
      let slices = try await reader.allSlices(maximumByteCount: 50_000)
      var before: [[UInt8]] = []
      for slice in slices { before.append(try await slice.bytes()) }
      var near = log.tail(from: .earliest).makeAsyncIterator()
      _ = try await near.next()
      let segments = log.segments
      try await log.deleteRecords(before: segments[2].baseOffset)
      #expect(log.segments.map(\.baseOffset) == segments.dropFirst(2).map(\.baseOffset))
      for (slice, bytes) in zip(slices, before) { #expect(try await slice.bytes() == bytes) }
      #expect(log.pinnedSegments.filter(\.isRemoved).count == 2)
      var code: LogError.Code?
      do {
        while true { _ = try await near.next() }
      } catch {
        code = (error as? LogError)?.code
      }
      #expect(code == .trimmed || code == .retry)
      await expectFailure(.trimmed) { try await reader.slice(after: slices[0]) }
    }
  }

  /// What a client asks for: the first offset, the last one, that of the greatest time.
  @Test func listedOffsets() throws {
    let log = try open(upTo: 28)
    #expect(log.earliestOffset == OffsetInEpoch(offset: 0, leaderEpoch: 1))
    #expect(log.latestOffset() == OffsetInEpoch(offset: 28, leaderEpoch: 2))
    #expect(log.latestOffset(.highWatermark).offset == 0)
    let newest = try log.findNewest()
    #expect(newest == .init(offset: 27, timestamp: Wreck.time(of: 27), leaderEpoch: 2))
    #expect(try log.firstNow(at: Wreck.time(of: 9))?.leaderEpoch == 1)
    // The greatest time lies earlier, twice.
    let late = Timestamp.at(9_000_000)
    for _ in 0..<2 {
      try log.append((0..<3).map { Record(value: "v", timestamp: $0 == 1 ? late : .at(1)) })
    }
    try wreck.fill(log, upTo: 50)
    #expect(try log.findNewest()?.offset == 29)
    try log.deleteRecordsNow(before: 30)
    #expect(try log.findNewest()?.offset == 32)
    try log.deleteRecordsNow(before: 33)
    #expect(try log.findNewest()?.offset == 49)
    #expect(log.earliestOffset == OffsetInEpoch(offset: 33, leaderEpoch: 2))
    try log.truncateNow(to: 33)
    #expect(try log.findNewest() == nil)
    try log.closeNow()
  }
}
