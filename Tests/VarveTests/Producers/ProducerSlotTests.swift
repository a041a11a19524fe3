import Testing

@testable import Varve

/// Where the state of a producer is found, whoever else comes and goes.
@Suite struct ProducerSlotTests {
  /// A table of a few ids, in which ways cross, beside a dictionary.
  @Test(arguments: [8, 13, 200, 3000] as [Int64])
  func whoComesIsFoundUntilTheyGo(idCount: Int64) {
    var random = SplitMix(seed: UInt64(idCount))
    var table = ProducerTable(maximumCount: 1 << 20)
    var known: [Int64: Int] = [:]
    for _ in 0..<20_000 {
      let id = Int64.random(in: 0..<idCount, using: &random) &* 0x1_0000_0001
      #expect(table.slot(of: id) == known[id])
      if let slot = known.removeValue(forKey: id) {
        table.remove(at: slot)
      } else {
        known[id] = table.add(ProducerState(Producer(id: id, epoch: 0), at: 0))
      }
      guard table.count == known.count else { break }
    }
    #expect(table.count == known.count)
    for id in (0..<idCount).map({ $0 &* 0x1_0000_0001 }) {
      #expect(table.slot(of: id) == known[id])
    }
    for slot in known.values { table.remove(at: slot) }
    #expect(table.isEmpty)
  }

  /// Of batches before the last one, the youngest are remembered, wherever their ring stands.
  @Test func fiveBatchesAreRememberedHoweverManyCame() {
    var table = ProducerTable(maximumCount: 1)
    for number in 0..<23 as Range<Int32> {
      let batch = RememberedBatch(
        lastOffset: Int64(number), timestamp: 0, lastSequence: number, lastOffsetDelta: 0)
      let slot = table.slot(of: 7) ?? table.add(ProducerState(Producer(id: 7, epoch: 0), at: 0))
      var state = table.states[slot]
      table.remember(batch, of: &state)
      table.set(state, at: slot)
      let expected = (0...number).suffix(5).reversed()
      #expect(table.batches(of: state).map(\.lastSequence) == Array(expected))
    }
  }
}
