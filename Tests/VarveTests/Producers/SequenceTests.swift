import Testing

@testable import Varve

/// Which batch of a producer is the next one, which was there before, and which is neither.
@Suite struct SequenceTests {
  private func refused(_ refusal: ProducerRefusal) -> ProducerVerdict { .refuse(refusal) }

  @Test func recordsAreTakenInTheirOrder() throws {
    var producing = Producing()
    #expect(try producing.send(1, 0, 0) == .accept)
    #expect(try producing.send(1, 0, 1, count: 10) == .accept)
    #expect(try producing.send(1, 0, 12) == refused(.sequenceGap))
    #expect(try producing.send(1, 0, 11) == .accept)
    #expect(try producing.send(2, 0, 0) == .accept)
    #expect(producing.table.count == 2)
  }

  /// Nothing is known of what an unknown producer sent before.
  @Test(arguments: [0, 1, 17, Int32.max])
  func theFirstBatchMayHaveAnyNumber(_ first: Int32) throws {
    var producing = Producing()
    #expect(try producing.send(1, 3, first) == .accept)
    #expect(try producing.send(1, 3, first == .max ? 0 : first + 1) == .accept)
  }

  @Test func aLaterLifeBeginsAtZeroAndFencesTheEarlierOne() throws {
    var producing = Producing()
    #expect(try producing.send(1, 0, 0, count: 5) == .accept)
    #expect(try producing.send(1, 1, 5) == refused(.sequenceGap))
    #expect(try producing.send(1, 1, 0) == .accept)
    #expect(try producing.send(1, 0, 5) == refused(.producerFenced))
    // Not even what was there before.
    #expect(try producing.send(1, 0, 0, count: 5) == refused(.producerFenced))
    #expect(try producing.send(1, 1, 1) == .accept)
  }

  @Test func numbersWrapAround() throws {
    var producing = Producing()
    #expect(try producing.send(1, 0, .max) == .accept)
    #expect(try producing.send(1, 0, 1) == refused(.sequenceGap))
    #expect(try producing.send(1, 0, .max - 1) == refused(.sequenceTooOld))
    #expect(try producing.send(1, 0, 0) == .accept)
    // Within a batch.
    #expect(try producing.send(2, 0, .max - 2, count: 5) == .accept)
    #expect(try producing.send(2, 0, 3) == refused(.sequenceGap))
    #expect(try producing.send(2, 0, 1) == refused(.sequenceTooOld))
    #expect(try producing.send(2, 0, 2) == .accept)
    let state = try #require(producing.table.state(of: 2))
    #expect(producing.table.batches(of: state).map(\.lastSequence) == [2, 1])
    #expect(try producing.send(2, 0, .max - 2, count: 5) != refused(.sequenceTooOld))
  }

  @Test func fiveBatchesAreRecognised() throws {
    var producing = Producing()
    for number in 0..<8 as Range<Int32> {
      #expect(try producing.send(1, 0, number * 3, count: 3, time: Int64(number)) == .accept)
    }
    for number in 3..<8 as Range<Int32> {
      guard case .duplicate(let batch) = try producing.send(1, 0, number * 3, count: 3) else {
        Issue.record("\(number) is not recognised")
        continue
      }
      let receipt = batch.receipt
      #expect(receipt.isDuplicate)
      #expect(receipt.baseOffset == Offset(rawValue: Int64(number) * 3))
      #expect(receipt.nextOffset == receipt.baseOffset.advanced(by: 3))
      #expect(receipt.timestamp == Timestamp(rawValue: Int64(number)))
    }
    for number in 0..<3 as Range<Int32> {
      #expect(try producing.send(1, 0, number * 3, count: 3) == refused(.sequenceTooOld))
    }
    // Some of the records of a batch are not that batch.
    #expect(try producing.send(1, 0, 21, count: 2) == refused(.sequenceTooOld))
    #expect(try producing.send(1, 0, 22, count: 2) == refused(.sequenceTooOld))
    #expect(producing.next == 24)
  }

  /// To ask changes nothing.
  @Test func askingIsNotTakingNote() throws {
    var producing = Producing()
    _ = try producing.send(1, 0, 0)
    let before = producing.table.frozen.snapshot
    let batch = try Producing.batch(1, 0, 1, at: 1)
    for _ in 0..<3 { #expect(producing.table.check(batch, at: 0) == .accept) }
    #expect(producing.table.frozen.snapshot == before)
  }

  /// What a leader has taken in is not asked for its numbers.
  @Test func followersTakeWhatTheirLeaderTook() throws {
    var producing = Producing()
    try producing.follow(1, 4, 17)
    try producing.follow(1, 4, 40)
    try producing.follow(1, 5, 9)
    try producing.follow(1, 3, 2)
    let state = try #require(producing.table.state(of: 1))
    #expect(state.epoch == 3 && state.nextSequence == 3)
    #expect(producing.table.batches(of: state).count == 1)
  }

  /// After a snapshot the last batch is known, and what is recorded behind it.
  @Test func aSnapshotKnowsTheLastBatch() throws {
    var producing = Producing()
    for number in 0..<4 as Range<Int32> { _ = try producing.send(1, 0, number) }
    var reloaded = producing.reloaded
    guard case .duplicate(let batch) = try reloaded.send(1, 0, 3) else {
      Issue.record("the last batch is not recognised")
      return
    }
    #expect(batch.receipt.baseOffset == 3)
    #expect(try reloaded.send(1, 0, 2) == refused(.sequenceTooOld))
    #expect(try reloaded.send(1, 0, 4) == .accept)
    #expect(try reloaded.send(1, 0, 4) != .accept)
  }
}
