import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Logs whose policies let segments go.
@Suite struct CleaningTests {
  private var wreck = Wreck()

  private func open(_ policy: (any CleanerPolicy)?, upTo end: Offset) throws -> Log {
    var wreck = wreck
    wreck.configuration.cleaner = policy
    wreck.configuration.cleaningInterval = .seconds(60)
    let log = try wreck.open()
    try wreck.fill(log, upTo: end)
    return log
  }

  private func pass(_ log: Log, seconds: Int) {
    for _ in 0..<seconds / 10 {
      wreck.clock.advance(byMilliseconds: 10_000)
      while log.runtime.step() {}
    }
  }

  /// Appends records of now.
  private func fill(_ log: Log, upTo end: Offset) throws {
    while log.end < end {
      try log.append(Record(value: [UInt8](repeating: 7, count: Wreck.batchByteCount - 70)))
      while log.runtime.step() {}
    }
  }

  private static let segmentByteCount = Wreck.perSegment * Wreck.batchByteCount

  @Test func theOldestGoBySize() throws {
    let log = try open(.delete(beyondBytes: 2 * Self.segmentByteCount), upTo: 28)
    let report = try log.cleanNow()
    #expect(report.deleted.map(\.baseOffset) == [0])
    #expect(report.deletedByteCount == Self.segmentByteCount)
    #expect(log.start == 8)
    try Wreck.expect(log, end: 28)
    #expect(error { try log.stored(from: .offset(7)) }?.code == .trimmed)
    #expect(wreck.bytes("00000000000000000000.log") == nil)
    #expect(wreck.bytes("00000000000000000000.index") == nil)
    #expect(log.cleanerStatus.count == 1)
    #expect(log.cleanerStatus.deletedByteCount == Self.segmentByteCount)
    // There is nothing more to do, now or after it was opened again.
    #expect(try log.cleanNow().deleted.isEmpty)
    try log.closeNow()
    let again = try open(nil, upTo: 28)
    #expect(again.start == 8)
    #expect(again.recovery == nil)
    try Wreck.expect(again, end: 28)
    try again.closeNow()
  }

  @Test func whatIsOldGoesByItself() throws {
    let log = try open(.delete(olderThan: .seconds(300)), upTo: 0)
    try fill(log, upTo: 20)
    pass(log, seconds: 200)
    try fill(log, upTo: 28)
    #expect(log.start == 0)
    pass(log, seconds: 200)
    #expect(log.start == 16)
    #expect(try log.stored().map(\.offset) == Array(16..<28))
    // What is being written goes as well, and the log goes on.
    pass(log, seconds: 400)
    #expect(log.start == 28 && log.end == 28)
    #expect(log.segments.map(\.baseOffset) == [28])
    #expect(wreck.events.rolls.last == .cleaning)
    #expect(wreck.events.cleanings.flatMap(\.deleted).map(\.baseOffset) == [0, 8, 16, 24])
    try fill(log, upTo: 30)
    #expect(try log.stored().map(\.offset) == [28, 29])
    try log.closeNow()
  }

  @Test func slicesKeepTheirBytes() throws {
    let log = try open(.delete(beyondBytes: 0), upTo: 28)
    let slice = try #require(try log.sliceNow(from: .earliest))
    let bytes = try slice.withBytes { bytes in (0..<bytes.byteCount).map { bytes.byte(at: $0) } }
    #expect(try log.cleanNow().deleted.map(\.isPinned) == [true, false, false, false])
    let again = try slice.withBytes { bytes in (0..<bytes.byteCount).map { bytes.byte(at: $0) } }
    #expect(again == bytes)
    #expect(log.pinnedSegments.map(\.isRemoved) == [true])
    try log.closeNow()
  }

  @Test func nothingGoesBeyondTheHighWatermark() throws {
    let log = try open(.delete(beyondBytes: 0), upTo: 28)
    log.advanceHighWatermark(to: 17)
    #expect(try log.cleanNow().deleted.map(\.baseOffset) == [0, 8])
    try Wreck.expect(log, end: 28)
    try log.closeNow()
  }

  // MARK: Policies that are wrong

  private struct Wrong: CleanerPolicy {
    struct Failure: Error {}
    var actions: [CleanerAction]?
    func plan(_ view: CleanerView) throws -> [CleanerAction] {
      guard let actions else { throw Failure() }
      return actions
    }
  }

  @Test(arguments: [
    CleanerAction.delete(below: 1000), .delete(below: 3), .delete(below: 28), .delete(below: -5),
  ])
  func lies(_ action: CleanerAction) throws {
    let log = try open(Wrong(actions: [action]), upTo: 27)
    pass(log, seconds: 70)
    #expect(log.cleanerStatus.refusals.map(\.action) == [action])
    #expect(wreck.events.cleanings.last?.plan.refusals.isEmpty == false)
    #expect(log.start == 0)
    try Wreck.expect(log, end: 27)
    try log.closeNow()
  }

  @Test func failures() throws {
    let log = try open(Wrong(actions: nil), upTo: 27)
    // After 30 seconds, and 60, 120, 240 more.
    pass(log, seconds: 440)
    #expect(log.cleanerStatus.count == 3)
    pass(log, seconds: 20)
    #expect(log.cleanerStatus.failure?.code == .invalidArgument)
    #expect(log.cleanerStatus.count == 4 && log.cleanerStatus.failureCount == 4)
    #expect(wreck.events.failures.count == log.cleanerStatus.count)
    try Wreck.expect(log, end: 27)
    try log.closeNow()
  }

  @Test func pausesGrowUpToALimit() {
    let minute: Int64 = 60_000_000_000
    let pauses = (0...8).map { CleaningState.pause(after: $0, interval: minute) / minute }
    #expect(pauses == [1, 1, 2, 4, 8, 16, 32, 60, 60])
    for count in [1, 2, 63, 64, 1000] {
      #expect(CleaningState.pause(after: count, interval: .max) == .max)
      #expect(CleaningState.pause(after: count, interval: 0) == 0)
    }
    #expect(CleaningState.pause(after: 1000, interval: 1) == 60 * minute)
  }

  // MARK: By another policy, once

  /// Whatever the log's own one is, and not again.
  @Test(arguments: [nil, RetentionPolicy(byteCount: 1 << 30)])
  func anotherPolicyIsAskedOnce(_ own: RetentionPolicy?) async throws {
    let log = try open(own, upTo: 28)
    let other = RetentionPolicy(byteCount: 2 * Self.segmentByteCount)
    let plan = try await log.cleanerPlan(by: other)
    #expect(plan.deletesBelow == 8 && log.start == 0)
    #expect(try await log.clean(by: other).deleted.map(\.baseOffset) == [0])
    #expect(try log.cleanNow(.other(other)).deleted.isEmpty)
    // Of what the log does by itself that says nothing.
    #expect(log.cleanerStatus.deletedByteCount == Self.segmentByteCount)
    #expect(log.cleanerStatus.count == 0 && log.cleanerStatus.lastSuccess == nil)
    #expect(wreck.events.cleanings.map(\.deleted.count) == [1])
    try wreck.fill(log, upTo: 60)
    pass(log, seconds: 1000)
    #expect(log.start == 8)
    try Wreck.expect(log, end: 60)
    try await log.close()
  }

  @Test func anotherPolicyThatFails() async throws {
    let log = try open(.delete(beyondBytes: 0), upTo: 28)
    let failure = await asyncError { try await log.clean(by: Wrong(actions: nil)) }
    #expect(failure?.code == .invalidArgument)
    let refused = try await log.clean(by: Wrong(actions: [.delete(below: 1000)]))
    #expect(refused.plan.refusals.map(\.action) == [.delete(below: 1000)])
    #expect(log.cleanerStatus == CleanerStatus() && log.start == 0)
    // Its own one is not held up by that.
    pass(log, seconds: 40)
    #expect(log.cleanerStatus.count == 1 && log.start == 28)
    try await log.close()
  }

  @Test func anotherPolicyCompacts() async throws {
    let log = try open(nil, upTo: 0)
    for number in 0..<28 {
      try log.append(
        Record(key: "\(number % 3)", value: [UInt8](repeating: 7, count: Wreck.batchByteCount - 80))
      )
      while log.runtime.step() {}
    }
    let report = try await log.clean(by: .compact())
    let compaction = try #require(report.compaction)
    #expect(log.cleanerStatus.compactedBelow == compaction.end && compaction.end == 24)
    #expect(
      log.cleanerStatus.compactedByteCount
        == compaction.byteCountBefore - compaction.byteCountAfter)
    #expect(log.cleanerStatus.compactedByteCount > 0 && log.cleanerStatus.count == 0)
    try await log.close()
  }

  @Test func aReaderMayAskButNotClean() async throws {
    let log = try open(nil, upTo: 28)
    let reader = try wreck.open(mode: .readOnly)
    #expect(try await reader.cleanerPlan(by: .delete(beyondBytes: 0)).deletesBelow == 28)
    let failure = await asyncError { try await reader.clean(by: .delete(beyondBytes: 0)) }
    #expect(failure?.code == .invalidArgument && log.start == 0)
    try await reader.close()
    try await log.close()
  }

  @Test func withoutAPolicyAllIsKept() throws {
    let log = try open(nil, upTo: 27)
    pass(log, seconds: 1000)
    #expect(try log.cleanNow().plan.isEmpty)
    try Wreck.expect(log, end: 27)
    try log.closeNow()
  }
}
