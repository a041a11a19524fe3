import Testing

@testable import Varve

/// Who is forgotten, and that it costs no more memory to know many than that.
@Suite struct ForgettingTests {
  @Test func whoIsSilentForLongIsForgottenUnlessATransactionIsOpen() throws {
    var producing = Producing()
    _ = try producing.send(1, 0, 0, time: 100)
    _ = try producing.send(2, 0, 0, isTransactional: true, time: 100)
    _ = try producing.send(3, 0, 0, time: 101)
    producing.table.expire(notSince: Timestamp(rawValue: 100))
    #expect(producing.table.slot(of: 1) == nil)
    #expect(producing.table.slot(of: 2) != nil && producing.table.slot(of: 3) != nil)
    // It may begin anywhere, as a producer that was never heard of.
    #expect(try producing.send(1, 0, 9, time: 200) == .accept)
    _ = producing.mark(2, 0, .committed, time: 300)
    producing.table.expire(notSince: Timestamp(rawValue: 299))
    #expect(producing.table.frozen.snapshot.entries.map(\.producer.id) == [2])
  }

  @Test func thereIsALimit() throws {
    var producing = Producing(maximumCount: 4)
    for id in 0..<4 as Range<Int64> { _ = try producing.send(id, 0, 0, time: 100 - id) }
    // The one that has been silent longest.
    #expect(try producing.send(7, 0, 0, time: 200) == .accept)
    #expect(producing.table.frozen.snapshot.entries.map(\.producer.id) == [0, 1, 2, 7])
    for id in [0, 1, 2, 7] as [Int64] {
      #expect(try producing.send(id, 0, 1, isTransactional: true) == .accept)
    }
    #expect(try producing.send(8, 0, 0) == .refuse(.tooManyProducers))
    #expect(producing.mark(8, 0, .committed) == .failure(.init(.tooManyProducers)))
    _ = producing.mark(1, 0, .aborted)
    #expect(try producing.send(8, 0, 0) == .accept)
    #expect(producing.table.slot(of: 1) == nil && producing.table.count == 4)
    // What is in the log is taken note of, whatever it takes.
    _ = try producing.send(8, 0, 1, isTransactional: true)
    try producing.follow(9, 0, 0)
    #expect(producing.table.count == 5)
  }

  /// Slots and the room for earlier batches are used again.
  @Test func memoryIsUsedAgain() throws {
    var producing = Producing(maximumCount: 1 << 20)
    for round in 0..<20 as Range<Int64> {
      for id in 0..<200 as Range<Int64> {
        for sequence in 0..<3 as Range<Int32> {
          _ = try producing.send(round * 1000 + id, 0, sequence, time: round)
        }
      }
      producing.table.expire(notSince: Timestamp(rawValue: round))
    }
    #expect(producing.table.isEmpty)
    #expect(producing.table.states.count == 200)
    #expect(MemoryLayout<ProducerState>.stride == 64)
    #expect(MemoryLayout<ProducerTable.Earlier>.stride == 96)
  }

  /// A frozen table stays as it was, whatever becomes of the one that was frozen.
  @Test func whatIsFrozenStays() throws {
    var producing = Producing(maximumCount: 1 << 20)
    for id in 0..<3000 as Range<Int64> { _ = try producing.send(id, 0, 0) }
    let (frozen, before) = (producing.table.frozen, producing.table.frozen.snapshot)
    for id in 0..<4000 as Range<Int64> { _ = try producing.send(id, 1, 0, time: 5) }
    producing.table.expire(notSince: Timestamp(rawValue: 5))
    #expect(frozen.snapshot == before && before.entries.count == 3000)
    #expect(producing.table.frozen.snapshot.entries == [])
  }
}
