import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Logs that are cut.
@Suite struct TruncationTests {
  fileprivate let wreck = Wreck()

  private func open(upTo end: Offset, epochs: [(LeaderEpoch, Offset)] = []) throws -> Log {
    let log = try wreck.open()
    for (epoch, start) in epochs {
      try wreck.fill(log, upTo: start)
      try log.beginEpoch(epoch)
    }
    try wreck.fill(log, upTo: end)
    return log
  }

  private func settle(_ log: Log) { while log.runtime.step() {} }

  @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 23, 24, 27] as [Offset])
  func anywhere(_ cut: Offset) throws {
    let log = try open(upTo: 28)
    #expect(try log.truncateNow(to: cut) == cut)
    try Wreck.expect(log, end: cut)
    #expect(log.durableEnd == cut)
    #expect(log.segments.last?.baseOffset == Wreck.base(of: cut))
    // It goes on as if there had been nothing else.
    try wreck.fill(log, upTo: 30)
    try Wreck.expect(log, end: 30)
    try log.closeNow()
    let again = try wreck.open()
    #expect(again.recovery == nil)
    try Wreck.expect(again, end: 30)
    try again.closeNow()
  }

  @Test(arguments: [28, 29, 1000] as [Offset])
  func atTheEndOrBehindIt(_ cut: Offset) throws {
    let log = try open(upTo: 28, epochs: [(1, 0), (2, 28)])
    #expect(try log.truncateNow(to: cut) == 28)
    try Wreck.expect(log, end: 28)
    #expect(log.leaderEpochs.map(\.epoch) == (cut == 28 ? [1] : [1, 2]))
    #expect(log.leaderEpoch == (cut == 28 ? 1 : 2))
    try log.closeNow()
  }

  /// A batch goes as a whole, so that nothing is missing in the log.
  @Test func withinABatch() throws {
    let log = try wreck.open()
    for _ in 0..<3 { try log.append((0..<3).map { Wreck.record(Offset(rawValue: Int64($0))) }) }
    #expect(try log.truncateNow(to: 5) == 3)
    #expect(log.end == 3)
    #expect(try log.headers().map(\.baseOffset) == [0])
    try log.closeNow()
  }

  @Test func beforeTheStart() throws {
    let log = try wreck.open()
    try log.truncateFullyNow(startingAt: 100)
    try wreck.fill(log, upTo: 120)
    #expect(try log.truncateNow(to: 7) == 7)
    try Wreck.expect(log, end: 7)
    #expect(log.start == 7 && log.segments.map(\.baseOffset) == [7])
    try log.closeNow()
  }

  @Test(arguments: [0, 8, 28, 5000] as [Offset])
  func allOfIt(_ start: Offset) throws {
    let log = try open(upTo: 28, epochs: [(3, 0)])
    log.advanceHighWatermark(to: 20)
    try log.truncateFullyNow(startingAt: start)
    #expect(log.start == start && log.end == start && log.durableEnd == start)
    #expect(log.highWatermark == start)
    #expect(log.leaderEpochs == [] && log.leaderEpoch == .none)
    try wreck.fill(log, upTo: start.advanced(by: 20))
    try Wreck.expect(log, end: start.advanced(by: 20))
    try log.closeNow()
    let again = try wreck.open()
    try Wreck.expect(again, end: start.advanced(by: 20))
    #expect(again.start == start)
    try again.closeNow()
  }

  @Test(arguments: [0, 5, 6, 19, 20, 21] as [Offset])
  func leaders(_ cut: Offset) throws {
    let log = try open(upTo: 28, epochs: [(0, 0), (3, 5), (4, 20)])
    log.advanceHighWatermark(to: 10)
    try log.truncateNow(to: cut)
    let all = [(0, 0), (3, 5), (4, 20)] as [(LeaderEpoch, Offset)]
    let kept = all.map { LeaderEpochStart(epoch: $0.0, startOffset: $0.1) }
      .filter { $0.startOffset < cut }
    #expect(log.leaderEpochs == kept)
    #expect(log.leaderEpoch == kept.last?.epoch ?? .none)
    #expect(log.highWatermark == min(10, cut))
    let text = wreck.bytes("leader-epoch-checkpoint").map { String(decoding: $0, as: UTF8.self) }
    let lines = kept.map { "\($0.epoch) \($0.startOffset)\n" }
    #expect(text == "0\n\(kept.count)\n" + lines.joined())
    wreck.disk.crash(.kill, seed: 0)
    let again = try wreck.open()
    #expect(again.end == cut)
    #expect(again.leaderEpochs == kept)
    try again.closeNow()
  }

  @Test func whatCannotBe() throws {
    let log = try open(upTo: 10)
    #expect(error { try log.truncateNow(to: -1) }?.code == .invalidArgument)
    #expect(error { try log.truncateFullyNow(startingAt: .init(rawValue: .max)) } != nil)
    let reader = try wreck.open(mode: .readOnly)
    #expect(error { try reader.truncateNow(to: 5) }?.code == .invalidArgument)
    try reader.closeNow()
    try log.closeNow()
    #expect(error { try log.truncateNow(to: 5) }?.code == .closed)
    #expect(error { try log.truncateFullyNow(startingAt: 5) }?.code == .closed)
  }

  @Test func onceMoreAfterAClose() throws {
    try open(upTo: 28).closeNow()
    let log = try wreck.open()
    try log.truncateNow(to: 13)
    try log.closeNow()
    let again = try wreck.open()
    try Wreck.expect(again, end: 13)
    try again.truncateNow(to: 3)
    try again.truncateNow(to: 2)
    try Wreck.expect(again, end: 2)
    try again.closeNow()
  }

  @Test func theObserverIsTold() throws {
    let log = try open(upTo: 28)
    try log.truncateNow(to: 13)
    try log.closeNow()
    #expect(wreck.events.all.filter { $0 == .truncated(to: 13) }.count == 1)
  }
}

// MARK: Those who read and wait

extension TruncationTests {
  /// What is held stays what it is, through a cut and whatever is appended in its place.
  @Test(arguments: Place.all)
  func slices(_ place: Place) async throws {
    try await FilledLog.with(place) { filled, reader in
      let log = filled.log
      let slices = try await reader.allSlices(maximumByteCount: 50_000)
      var before: [[UInt8]] = []
      for slice in slices { before.append(try await slice.bytes()) }
      let cut = slices[slices.count / 2].offsets.lowerBound
      try await log.truncate(to: cut)
      #expect(log.end == cut)
      try filled.fill(200 << 10)
      for (slice, bytes) in zip(slices, before) { #expect(try await slice.bytes() == bytes) }
      let removed = log.pinnedSegments.filter(\.isRemoved)
      #expect(!removed.isEmpty)
      // What is read now is what was kept, and what was appended since.
      let again = try await reader.allSlices(maximumByteCount: 50_000)
      #expect(again.last?.offsets.upperBound == log.end)
      var kept: [UInt8] = []
      for slice in again where slice.offsets.upperBound <= cut { kept += try await slice.bytes() }
      #expect(before.joined().starts(with: kept))
    }
  }

  @Test func aTailThatHasReadLess() async throws {
    try await withLog { log in
      var tail = log.tail(from: .earliest).makeAsyncIterator()
      for _ in 0..<5 { _ = try await tail.next() }
      try await log.truncate(to: 5)
      try log.append(Record(value: "new"))
      let next = try await tail.next()
      #expect(next?.header.baseOffset == 5)
    }
  }

  @Test func aTailThatHasReadMore() async throws {
    try await withLog { log in
      var tail = log.tail(from: .earliest).makeAsyncIterator()
      for _ in 0..<20 { _ = try await tail.next() }
      let iterator = tail
      let waiting = Task {
        var tail = iterator
        return try await tail.next()
      }
      while log.waiters.count < 1 { await Task.yield() }
      try await log.truncate(to: 5)
      await expectFailure(.trimmed) { try await waiting.value }
    }
  }

  @Test func whoWaitsForASlice() async throws {
    try await withLog { log in
      let reader = ZeroCopyReader(log)
      let waiting = Task { try await reader.waitForSlice(from: .latest) }
      while log.waiters.count < 1 { await Task.yield() }
      try await log.truncate(to: 5)
      await expectFailure(.trimmed) { try await waiting.value }
      // One that has not come so far gets what comes instead.
      let next = Task { try await reader.waitForSlice(from: 5) }
      while log.waiters.count < 1 { await Task.yield() }
      try log.append(Record(value: "new"))
      #expect(try await next.value?.offsets == 5..<6)
    }
  }

  private func withLog(_ body: (Log) async throws -> Void) async throws {
    let place = Place(medium: .memory, writer: .mapped)
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: 4096),
        environment: .unsynced)
      for number in 0..<20 {
        try log.append(Record(value: [UInt8](repeating: UInt8(number), count: 500)))
      }
      try await body(log)
      try await log.close()
    }
  }
}

extension Log {
  fileprivate func truncateFullyNow(startingAt offset: Offset) throws(LogError) {
    try restartNow(at: offset)
  }
}
