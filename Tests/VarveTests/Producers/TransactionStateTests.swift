import Testing

@testable import Varve

/// Transactions that begin and end, and what is stable meanwhile.
@Suite struct TransactionStateTests {
  @Test func aTransactionReachesFromItsFirstBatchToItsMarker() throws {
    var producing = Producing()
    #expect(try producing.send(1, 0, 0, count: 3) == .accept)
    #expect(try producing.send(1, 0, 3, count: 2, isTransactional: true) == .accept)
    #expect(try producing.send(1, 0, 5, isTransactional: true) == .accept)
    #expect(producing.table.openTransactions == [OpenTransaction(producerID: 1, firstOffset: 3)])
    #expect(try producing.send(1, 0, 6) == .refuse(.transactionIsOpen))
    let ended = try producing.mark(1, 0, .aborted).get()
    #expect(
      ended?.aborted
        == AbortedTransaction(
          producerID: 1, firstOffset: 3, lastOffset: 6, lastStableOffset: 7))
    #expect(producing.table.openTransactions == [])
    #expect(try producing.send(1, 0, 6) == .accept)
  }

  @Test func aCommittedOneIsNotInTheIndex() throws {
    var producing = Producing()
    _ = try producing.send(1, 0, 0, isTransactional: true)
    let ended = try #require(try producing.mark(1, 0, .committed).get())
    #expect(ended.aborted == nil && ended.firstOffset == 0 && ended.lastOffset == 1)
  }

  @Test func aMarkerAloneEndsNothing() throws {
    var producing = Producing()
    #expect(try producing.mark(1, 2, .aborted, coordinator: 5).get() == nil)
    let state = try #require(producing.table.state(of: 1))
    #expect(state.epoch == 2 && state.coordinatorEpoch == 5 && !state.hasBatch)
    #expect(try producing.send(1, 1, 0) == .refuse(.producerFenced))
    #expect(try producing.send(1, 2, 4) == .refuse(.sequenceGap))
    #expect(try producing.send(1, 2, 0) == .accept)
  }

  /// A marker may begin a new life of its producer, which numbers its records from 0 again.
  @Test func aMarkerMayRaiseTheEpoch() throws {
    var producing = Producing()
    _ = try producing.send(1, 0, 0, count: 4, isTransactional: true)
    #expect(try producing.mark(1, 1, .committed).get() != nil)
    #expect(try producing.send(1, 0, 4, isTransactional: true) == .refuse(.producerFenced))
    #expect(try producing.send(1, 1, 4, isTransactional: true) == .refuse(.sequenceGap))
    #expect(try producing.send(1, 1, 0, isTransactional: true) == .accept)
  }

  @Test(arguments: [false, true])
  func olderCoordinatorsAndLivesAreFenced(_ isReloaded: Bool) throws {
    var producing = Producing()
    _ = try producing.send(1, 3, 0, isTransactional: true)
    _ = producing.mark(1, 3, .committed, coordinator: 7)
    if isReloaded { producing = producing.reloaded }
    #expect(producing.mark(1, 3, .committed, coordinator: 6) == .failure(.init(.coordinatorFenced)))
    #expect(producing.mark(1, 2, .committed, coordinator: 9) == .failure(.init(.producerFenced)))
    #expect(producing.mark(1, 3, .aborted, coordinator: 7) == .success(nil))
    #expect(producing.mark(1, 3, .aborted, coordinator: 8) == .success(nil))
  }

  /// Nothing is stable behind the first offset of the oldest transaction, whoever ends first.
  @Test func theOldestTransactionHoldsTheStableEnd() throws {
    var producing = Producing()
    func stable(_ producing: Producing) -> Offset {
      producing.table.lastStableOffset(highWatermark: Offset(rawValue: producing.next))
    }
    #expect(stable(producing) == 0)
    _ = try producing.send(9, 0, 0, count: 2)
    #expect(stable(producing) == 2)
    _ = try producing.send(1, 0, 0, isTransactional: true)
    _ = try producing.send(2, 0, 0, isTransactional: true)
    _ = try producing.send(9, 0, 2)
    #expect(stable(producing) == 2)
    let second = try #require(try producing.mark(2, 0, .aborted).get())
    #expect(second.lastStableOffset == 2)
    #expect(stable(producing) == 2)
    _ = try producing.send(2, 0, 1, isTransactional: true)
    let first = try #require(try producing.mark(1, 0, .aborted).get())
    #expect(first.lastStableOffset == 6)
    #expect(stable(producing) == 6)
    _ = producing.mark(2, 0, .committed)
    #expect(stable(producing) == Offset(rawValue: producing.next))
  }

  /// A transaction whose marker is not below the high watermark may be open for another leader.
  @Test func whatHasEndedAboveTheHighWatermarkIsNotStable() throws {
    var producing = Producing()
    _ = try producing.send(1, 0, 0, count: 3, isTransactional: true)
    _ = producing.mark(1, 0, .committed)
    _ = try producing.send(2, 0, 0, isTransactional: true)
    _ = producing.mark(2, 0, .aborted)
    let table = producing.table
    let expected: [Int64] = [0, 0, 0, 0, 4, 4, 6]
    for (mark, stable) in expected.enumerated() {
      let found = table.lastStableOffset(highWatermark: Offset(rawValue: Int64(mark)))
      #expect(found == Offset(rawValue: stable), "high watermark \(mark)")
    }
    producing.table.forgetEnded(below: 4)
    #expect(producing.table.endedTransactions.map(\.producerID) == [2])
    #expect(producing.table.lastStableOffset(highWatermark: 5) == 4)
    producing.table.forgetEnded(below: 6)
    #expect(producing.table.endedTransactions == [])
  }

  @Test func openTransactionsOutliveASnapshot() throws {
    var producing = Producing()
    _ = try producing.send(5, 0, 0, isTransactional: true)
    _ = try producing.send(1, 0, 0, isTransactional: true)
    _ = producing.mark(2, 0, .committed)
    let reloaded = producing.reloaded
    #expect(
      reloaded.table.openTransactions == [
        OpenTransaction(producerID: 5, firstOffset: 0),
        OpenTransaction(producerID: 1, firstOffset: 1),
      ])
    #expect(reloaded.table.frozen.snapshot == producing.table.frozen.snapshot)
    #expect(reloaded.table.lastStableOffset(highWatermark: 3) == 0)
  }
}
