import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// What a log knows of producers follows its batches: those that a leader sends, and those that are
/// left when it is cut.
@Suite struct ReplicatedProducersTests {
  private let wreck = Wreck()

  private func follow(_ leader: Log, _ follower: Log) throws {
    while let slice = try leader.sliceNow(from: .offset(follower.end)) {
      try slice.withBytes { bytes throws(LogError) in _ = try follower.append(replicated: bytes) }
    }
  }

  private func world() -> (leader: Wreck, follower: Wreck) {
    var follower = wreck
    follower.directory = "/follower"
    return (wreck, follower)
  }

  @Test func aFollowerKnowsWhatItsLeaderKnows() throws {
    let (leader, follower) = try (world().leader.open(), world().follower.open())
    var (first, second) = (NumberedBatches(1), NumberedBatches(2))
    for _ in 0..<3 { try leader.append(try first.batch(2, isTransactional: true)) }
    try leader.append(try second.batch(isTransactional: true))
    try leader.abort(first.producer)
    try leader.append(Record(value: "plain"))
    try follow(leader, follower)
    #expect(follower.producers == leader.producers)
    #expect(follower.lastStableOffset == 6 && leader.lastStableOffset == 6)
    try leader.commit(second.producer)
    try follow(leader, follower)
    #expect(follower.lastStableOffset == follower.end)
    #expect(try follower.committedKeys() == leader.committedKeys())
    #expect(try follower.abortedNow(0..<follower.end) == leader.abortedNow(0..<leader.end))
    // It leads: what its leader took is known, and what comes next is next.
    let again = try NumberedBatches(2).first()
    #expect(try follower.append(again).isDuplicate)
    let next = try second.batch()
    #expect(try !follower.append(next).isDuplicate)
    for log in [leader, follower] { try log.closeNow() }
  }

  @Test func whatIsCutOffWasNotSent() throws {
    let log = try wreck.open()
    var producer = NumberedBatches(1)
    for _ in 0..<4 { try log.append(try producer.batch(isTransactional: true)) }
    try log.abort(producer.producer)
    try log.append(Record(key: "plain", value: "x"))
    #expect(try log.abortedNow(0..<6).count == 1)
    #expect(try log.truncateNow(to: 3) == 3)
    // The transaction is open again, and its fourth batch is the next one.
    #expect(log.lastStableOffset == 0)
    #expect(try log.abortedNow(0..<3) == [])
    var late = NumberedBatches(1, from: 3)
    let batch = try late.batch(isTransactional: true)
    #expect(try !log.append(batch).isDuplicate)
    try log.commit(producer.producer)
    #expect(try log.committedKeys().count == 4)
    try log.restartNow(at: 100)
    #expect(log.producers.entries.isEmpty)
    #expect(log.lastStableOffset == 100)
    try log.closeNow()
    let reopened = try wreck.open()
    #expect(reopened.producers.entries.isEmpty && reopened.end == 100)
    try reopened.closeNow()
  }

  /// Over many segments, and after it was opened again.
  @Test(arguments: [5, 9, 17, 30] as [Offset])
  func aCutLogIsOpenedAsItWas(_ cut: Offset) throws {
    let log = try wreck.open()
    var producers = [NumberedBatches(1), NumberedBatches(2)]
    for round in 0..<20 {
      for index in producers.indices {
        try log.append(try producers[index].batch(isTransactional: true, byteCount: 400))
        while log.runtime.step() {}
      }
      if round % 5 == 4 { try log.abort(producers[0].producer) }
      if round % 7 == 6 { try log.commit(producers[1].producer) }
    }
    #expect(try log.truncateNow(to: cut) == cut)
    let (known, stable, keys) = (log.producers, log.lastStableOffset, try log.committedKeys())
    let aborted = try log.abortedNow(0..<cut)
    try log.closeNow()
    let again = try wreck.open()
    #expect(again.end == cut && again.lastStableOffset == stable)
    #expect(again.producers == known)
    #expect(try again.committedKeys() == keys)
    #expect(try again.abortedNow(0..<cut) == aborted)
    try again.closeNow()
  }

  @Test func nothingIsStableBeforeTheStart() throws {
    let log = try wreck.open()
    var producer = NumberedBatches(1)
    for _ in 0..<4 { try log.append(try producer.batch(isTransactional: true)) }
    #expect(log.lastStableOffset == 0)
    #expect(try log.deleteRecordsNow(before: 3) == 3)
    #expect(log.lastStableOffset == 3)
    try log.commit(producer.producer)
    #expect(log.lastStableOffset == log.end)
    try log.closeNow()
  }

  /// Another leader may not have a marker behind the high watermark.
  @Test func whatIsNotReplicatedIsNotStable() throws {
    let log = try wreck.open()
    var producer = NumberedBatches(1)
    log.advanceHighWatermark(to: 0)
    try log.append(Record(value: "plain"))
    try log.append(try producer.batch(3, isTransactional: true))
    try log.commit(producer.producer)
    #expect(log.end == 5)
    for (watermark, stable) in [(0, 0), (1, 1), (2, 1), (4, 1), (5, 5)] as [(Offset, Offset)] {
      log.advanceHighWatermark(to: watermark)
      #expect(log.lastStableOffset == stable, "\(watermark)")
    }
    try log.closeNow()
  }
}

extension NumberedBatches {
  fileprivate func first() throws -> RecordBatch {
    var copy = NumberedBatches(producer.id, epoch: producer.epoch)
    return try copy.batch(isTransactional: true)
  }
}
