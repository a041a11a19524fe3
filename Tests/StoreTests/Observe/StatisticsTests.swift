import Testing
import VarveTesting

@testable import Varve

/// What logs and stores say of themselves.
@Suite struct StatisticsTests {
  private let shelf = Shelf()

  @Test func aLogCountsWhatItDoes() throws {
    let store = try shelf.open()
    let log = try store.logNow("orders-0")
    #expect(log.statistics.appendedByteCount == 0 && log.statistics.syncs.count == 0)
    try log.fill(20)
    shelf.settle(store)
    try log.flushNow()
    let statistics = log.statistics
    #expect(statistics.start == 0 && statistics.end == 20 && statistics.durableEnd == 20)
    #expect(statistics.appendedByteCount == log.byteCount)
    #expect(statistics.byteCount == log.byteCount)
    #expect(statistics.segmentCount == log.segments.count && statistics.segmentCount > 1)
    #expect(statistics.rollCount == statistics.segmentCount - 1)
    #expect(statistics.sealCount == statistics.rollCount)
    #expect(statistics.acknowledgements.count == 1)
    // Each segment's file, at least.
    #expect(statistics.syncs.count >= statistics.segmentCount)
    #expect(statistics.failureCount == 0 && statistics.lastFailure == nil)
    try store.closeNow()

    let again = try #require(try shelf.open().found("orders-0"))
    #expect(again.statistics.appendedByteCount == 0 && again.statistics.byteCount == log.byteCount)
  }

  @Test func slicesAndSendsAreCounted() throws {
    let store = try shelf.open()
    let log = try store.logNow("orders-0")
    try log.fill(3)
    let slice = try ZeroCopyReader(log).slice(from: .earliest)
    let statistics = log.statistics
    #expect(slice != nil && statistics.sliceCount == 1)
    #expect(statistics.pinnedByteCount == log.byteCount)
    withExtendedLifetime(slice) {}
  }

  @Test func failuresAreRemembered() throws {
    let store = try shelf.open()
    let log = try store.logNow("orders-0")
    try log.fill(2)
    shelf.disk.faults = .failing(.syncData, with: .inputOutput)
    #expect(failure { try log.flushNow() }?.code == .poisoned)
    let statistics = log.statistics
    #expect(statistics.syncFailureCount == 1 && statistics.failureCount == 1)
    #expect(statistics.lastFailure?.error.code == .poisoned)
    let now = Timestamp(milliseconds: shelf.clock.wallMilliseconds)
    #expect(statistics.lastFailure?.time == now)
    let sum = store.statistics
    #expect(sum.failureCount == 1 && sum.lastFailures.count == 1)
  }

  @Test func aStoreCountsAllOfThem() throws {
    let store = try shelf.open()
    try store.logNow("a-0").fill(5)
    try store.logNow("b-0").fill(7)
    try store.logNow("c-0").fill(1)
    try store.deleteNow("c-0")
    let sum = store.statistics
    #expect(sum.logCount == 2 && sum.failedLogCount == 0 && sum.deletedLogCount == 1)
    let logs = store.partitions.compactMap { store[$0] }
    #expect(sum.byteCount == logs.reduce(0) { $0 + $1.byteCount })
    #expect(sum.appendedByteCount == sum.byteCount)
    #expect(sum.segmentCount == logs.reduce(0) { $0 + $1.segments.count })
    #expect(sum.freeByteCount ?? 0 > 0)
  }
}
