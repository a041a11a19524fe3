import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Logs that have lost all their records, and go on behind batches that are not read any more.
@Suite struct EmptiedLogTests {
  private let wreck = Wreck()

  private func leaders(_ epoch: LeaderEpoch, at offset: Offset) -> [LeaderEpochStart] {
    [LeaderEpochStart(epoch: epoch, startOffset: offset)]
  }

  /// Appends two records, and expects them under a leader, after a kill, too.
  private func expect(_ log: Log, goesOnUnder epoch: LeaderEpoch) throws {
    let start = log.start
    #expect(log.end == start && log.leaderEpoch == epoch)
    try wreck.fill(log, upTo: start.advanced(by: 2))
    #expect(log.leaderEpochs == leaders(epoch, at: start))
    wreck.disk.crash(.kill, seed: 0)
    let again = try wreck.open()
    #expect(again.start == start && again.end == start.advanced(by: 2))
    #expect(again.leaderEpochs == leaders(epoch, at: start) && again.leaderEpoch == epoch)
    #expect(try again.headers().last?.leaderEpoch == epoch)
    try again.closeNow()
  }

  @Test(arguments: [false, true])
  func theLeaderOfWhatIsDeletedGoesOn(_ isReopened: Bool) throws {
    var log = try wreck.open()
    try log.beginEpoch(2)
    try wreck.fill(log, upTo: 12)
    try log.deleteRecordsNow(before: 12)
    if isReopened {
      try log.closeNow()
      log = try wreck.open()
    }
    try expect(log, goesOnUnder: 2)
  }

  /// One that began behind what is deleted, and has appended nothing, is forgotten; the one before is
  /// not.
  @Test(arguments: [false, true])
  func aLeaderThatHasLeftNothing(_ isReopened: Bool) throws {
    var log = try wreck.open()
    try log.beginEpoch(2)
    try wreck.fill(log, upTo: 12)
    try log.deleteRecordsNow(before: 12)
    if isReopened {
      try log.closeNow()
      log = try wreck.open()
    }
    try log.beginEpoch(3)
    #expect(try log.truncateNow(to: 12) == 12)
    try expect(log, goesOnUnder: 2)
  }

  /// A batch is cut off whole, though the log starts within it.
  @Test func aCutBeforeTheStart() throws {
    let log = try wreck.open()
    try log.beginEpoch(2)
    for _ in 0..<2 { try log.append((0..<3).map { Wreck.record(Offset(rawValue: Int64($0))) }) }
    try log.deleteRecordsNow(before: 4)
    #expect(try log.truncateNow(to: 5) == 3)
    #expect(log.start == 3)
    try expect(log, goesOnUnder: 2)
  }

  /// There may be a snapshot of the offset at which it begins.
  @Test func whoBeginsAnewKnowsNoProducers() throws {
    let log = try wreck.open()
    var producer = NumberedBatches(1)
    let batch = try producer.batch()
    try log.append(batch)
    try log.append(try producer.batch(isTransactional: true))
    try wreck.fill(log, upTo: 20)
    let base = try #require(log.segments.last?.baseOffset)
    #expect(base > 0 && wreck.bytes(SegmentFileName(base, .producerSnapshot).description) != nil)
    try log.restartNow(at: base)
    #expect(log.producers.entries == [] && log.lastStableOffset == base)
    #expect(try log.append(batch).isDuplicate == false)
    try log.closeNow()
  }

  /// What is known of producers whose batches are deleted is in a snapshot alone.
  @Test func aSnapshotThatCannotBeReadNow() throws {
    let log = try wreck.open()
    var producer = NumberedBatches(1)
    // Of now: who was last heard of long ago is forgotten by the next opening.
    let batch = try producer.batch(at: wreck.clock.wallMilliseconds)
    try log.append(batch)
    try wreck.fill(log, upTo: 20)
    try log.deleteRecordsNow(before: 18)
    try log.closeNow()
    wreck.disk.faults = .failing(.read, on: ".snapshot", with: .inputOutput)
    #expect(error { _ = try wreck.open() }?.systemCall?.errno == Errno.inputOutput.rawValue)
    wreck.disk.faults = .none
    let again = try wreck.open()
    #expect(try again.append(batch).isDuplicate)
    try again.closeNow()
  }

  /// A power cut has taken the end of a segment, and left its transaction index.
  @Test func aTransactionIndexOfWhatIsLost() throws {
    let log = try wreck.open()
    try wreck.fill(log, upTo: 3)
    wreck.disk.crash(.kill, seed: 0)
    let path = wreck.path(0).transactionIndex
    _ = try OpenFile(path, .writingOrCreating, in: wreck.disk)
    let lost = AbortedTransaction(
      producerID: 1, firstOffset: 3, lastOffset: 4, lastStableOffset: 5)
    try wreck.write(lost.encoded, to: path, at: 0)
    let again = try wreck.open()
    var producer = NumberedBatches(1)
    try again.append(try producer.batch(isTransactional: true))
    try again.commit(producer.producer)
    try again.closeNow()
    #expect(wreck.disk.files(in: wreck.directory).keys.allSatisfy { !$0.hasSuffix("txnindex") })
    let last = try wreck.open()
    #expect(try last.committedKeys(from: 3) == ["1-1"])
    try last.closeNow()
  }

  /// Segments that got their final form without syncs are deleted, and the log goes on.
  @Test func whatWasNotSyncedYet() throws {
    var wreck = wreck
    wreck.configuration.syncPolicy = .never
    let log = try wreck.open()
    try wreck.fill(log, upTo: 15)
    try log.flushNow()
    try wreck.fill(log, upTo: 18)
    try log.deleteRecordsNow(before: 15)
    try log.flushNow()
    #expect(log.durableEnd == 18 && log.start == 15)
    try log.closeNow()
    let again = try wreck.open()
    #expect(again.start == 15 && again.end == 18)
    try again.closeNow()
  }
}
