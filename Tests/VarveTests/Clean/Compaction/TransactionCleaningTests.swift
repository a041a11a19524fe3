import Testing

@testable import Varve

/// Which transactions' batches go, and when their markers may.
@Suite struct TransactionCleaningTests {
  private func header(
    _ id: Int64, at offset: Offset, isTransactional: Bool = true
  ) throws -> BatchHeader {
    var options = BatchOptions(
      producer: Producer(id: id, epoch: 0), baseSequence: 0, isTransactional: isTransactional)
    options.baseOffset = offset
    return try RecordBatch.of([Record(value: "v")], options).header
  }

  private func aborted(_ id: Int64, _ first: Offset, _ last: Offset) -> AbortedTransaction {
    AbortedTransaction(
      producerID: id, firstOffset: first, lastOffset: last, lastStableOffset: last.advanced(by: 1))
  }

  @Test func batchesOfAbortedTransactionsGo() throws {
    var cleaning = TransactionCleaning([aborted(1, 5, 9), aborted(2, 3, 20)])
    #expect(try !cleaning.meets(header(1, at: 1)))
    #expect(try !cleaning.meets(.commit, header(1, at: 2)))
    #expect(try cleaning.meets(header(2, at: 3)))
    #expect(try cleaning.meets(header(1, at: 5)))
    #expect(try !cleaning.meets(header(3, at: 6)))
    #expect(try !cleaning.meets(header(1, at: 7, isTransactional: false)))
    #expect(try !cleaning.meets(.abort, header(1, at: 9)))
    #expect(try !cleaning.meets(header(1, at: 10)))
    #expect(cleaning.takeEntries() == [aborted(1, 5, 9)])
    #expect(cleaning.takeEntries() == [])
    #expect(try !cleaning.meets(.abort, header(2, at: 20)))
    #expect(cleaning.takeEntries() == [aborted(2, 3, 20)])
  }

  /// Keys are looked for from the new part on, and the markers before that are not met.
  @Test func whatEndedBeforeItBeginsIsOver() throws {
    var cleaning = TransactionCleaning([aborted(1, 5, 9), aborted(1, 30, 39)])
    #expect(try !cleaning.meets(header(1, at: 20)))
    #expect(try !cleaning.meets(.commit, header(1, at: 21)))
    #expect(try cleaning.meets(header(1, at: 31)))
    // In its midst, too: the batch by which it began lies before.
    var late = TransactionCleaning([aborted(1, 5, 9)])
    #expect(try late.meets(header(1, at: 8)))
  }

  @Test func markersOfWhichNothingIsLeftMayGo() throws {
    var cleaning = TransactionCleaning([aborted(1, 5, 9)])
    #expect(try cleaning.meets(.commit, header(1, at: 2)))
    #expect(try cleaning.meets(.abort, header(1, at: 9)))
    #expect(cleaning.takeEntries() == [])
    #expect(try cleaning.meets(.abort, header(7, at: 10)))
    #expect(try cleaning.meets(.emptied, header(7, at: 11)))
    #expect(try !cleaning.meets(.other, header(7, at: 12)))
  }
}
