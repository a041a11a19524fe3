import Testing
import VarveSystem

@testable import Varve

/// Readers of committed records see those of transactions that came to something, and as soon as that
/// is known.
@Suite struct CommittedReadTests {
  /// Two producers' transactions, of which one is committed and one aborted, and one that is open.
  private func fill(_ log: Log) throws -> (committed: [String], aborted: [AbortedTransaction]) {
    var (first, second) = (NumberedBatches(1), NumberedBatches(2))
    try log.append(Record(key: "plain", value: "x"))
    try log.append(try first.batch(2, isTransactional: true))
    try log.append(try second.batch(isTransactional: true))
    try log.append(Record(key: "between", value: "x"))
    try log.append(try second.batch(isTransactional: true))
    try log.abort(second.producer)
    try log.append(try first.batch(isTransactional: true))
    try log.commit(first.producer)
    try log.append(Record(key: "behind", value: "x"))
    try log.append(try second.batch(isTransactional: true))
    try log.append(Record(key: "unknown", value: "x"))
    return (
      ["plain", "1-1", "1-2", "between", "1-3", "behind"],
      [
        AbortedTransaction(producerID: 2, firstOffset: 3, lastOffset: 6, lastStableOffset: 1)
      ]
    )
  }

  @Test(arguments: Place.all)
  func scansLeaveOutWhatDoesNotCount(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try ManualWorld().open(directory, place.configuration())
      #expect(log.lastStableOffset == 0)
      let (committed, aborted) = try fill(log)
      #expect(log.lastStableOffset == 10 && log.end == 12)
      #expect(try log.committedKeys() == committed)
      #expect(try log.committedKeys(from: 4) == ["between", "1-3", "behind"])
      #expect(try log.committedKeys(from: .latest) == [])
      #expect(try log.abortedNow(0..<12) == aborted)
      #expect(try await log.abortedTransactions(in: 7..<12) == [])
      #expect(try log.stored().count == 12)
      try log.commit(Producer(id: 2, epoch: 0))
      #expect(log.lastStableOffset == 13)
      #expect(try log.committedKeys(from: 10) == ["2-3", "unknown"])
      try log.closeNow()
    }
  }

  /// A batch that reaches beyond what may be read is not read, though it begins before.
  @Test(arguments: Place.all)
  func noScanReadsHalfABatch(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try ManualWorld().open(directory, place.configuration())
      var producer = NumberedBatches(1)
      try log.append(try producer.batch(4, isTransactional: true))
      try log.append(Record(key: "behind", value: "x"))
      try log.deleteRecordsNow(before: 2)
      #expect(log.lastStableOffset == 2)
      #expect(try log.committedKeys() == [])
      try log.commit(producer.producer)
      #expect(try log.committedKeys() == ["1-1", "1-2", "1-3", "1-4", "behind"])
      log.advanceHighWatermark(to: 3)
      #expect(try log.committedKeys(upTo: .highWatermark) == [])
      try log.closeNow()
    }
  }

  @Test(arguments: Place.all)
  func slicesEndWhereAnOpenTransactionBeginsAndSayWhatWasAborted(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try ManualWorld().open(directory, place.configuration())
      let (_, aborted) = try fill(log)
      let reader = ZeroCopyReader(log)
      let slice = try #require(try await reader.slice(from: .earliest, isolation: .lastStable))
      #expect(slice.offsets == 0..<10 && slice.abortedTransactions == aborted)
      #expect(try await reader.slice(after: slice, isolation: .lastStable) == nil)
      let all = try #require(try await reader.slice(from: .earliest))
      #expect(all.offsets == 0..<12 && all.abortedTransactions == [])
      let rest = try #require(try await reader.slice(from: 7, isolation: .lastStable))
      #expect(rest.offsets == 7..<10 && rest.abortedTransactions == [])
      try log.abort(Producer(id: 2, epoch: 0))
      let more = try #require(try await reader.slice(after: slice, isolation: .lastStable))
      #expect(more.offsets == 10..<13)
      #expect(
        more.abortedTransactions == [
          AbortedTransaction(producerID: 2, firstOffset: 10, lastOffset: 12, lastStableOffset: 13)
        ])
      try log.closeNow()
    }
  }

  /// A transaction that goes on over many segments, others within it.
  @Test(arguments: Place.all, [false, true])
  func transactionsReachOverSegments(_ place: Place, _ isReopened: Bool) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let configuration = place.configuration(segmentByteCount: 4096)
      var log = try world.open(directory, configuration)
      var (long, short) = (NumberedBatches(1), NumberedBatches(2))
      var expected: [String] = []
      try log.append(try long.batch(isTransactional: true))
      for number in 0..<30 {
        try log.append(try short.batch(isTransactional: true, byteCount: 400))
        if number % 3 == 0 {
          try log.commit(short.producer)
          expected.append("2-\(number + 1)")
        } else {
          try log.abort(short.producer)
        }
        if number % 5 == 0 { try log.append(try long.batch(isTransactional: true)) }
        world.settle()
      }
      #expect(log.segments.count > 4 && log.lastStableOffset == 0)
      let last = try log.abort(long.producer).offset
      if isReopened {
        try log.closeNow()
        log = try world.open(directory, configuration)
      }
      #expect(log.lastStableOffset == log.end)
      #expect(try log.committedKeys() == expected)
      let aborted = try log.abortedNow(0..<log.end)
      #expect(aborted.count == 21)
      #expect(
        aborted.last
          == AbortedTransaction(
            producerID: 1, firstOffset: 0, lastOffset: last,
            lastStableOffset: last.advanced(by: 1)))
      // Of each part of the log, those that reach into it.
      for segment in log.segments {
        let offsets = segment.baseOffset..<segment.baseOffset.advanced(by: 2)
        let found = try log.abortedNow(offsets)
        #expect(
          found == aborted.filter { $0.overlaps(offsets.lowerBound, upTo: offsets.upperBound) })
      }
      try log.closeNow()
    }
  }

  @Test(arguments: Place.all)
  func tailsWaitForTransactionsToEnd(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(), environment: .unsynced)
      var (first, second) = (NumberedBatches(1), NumberedBatches(2))
      let reading = Task {
        var keys: [String] = []
        for try await batch in log.tail(from: .earliest, isolation: .lastStable) {
          for record in try batch.records() {
            keys.append(String(decoding: Record(copying: record.view).key ?? [], as: UTF8.self))
          }
        }
        return keys
      }
      for round in 0..<50 {
        try log.append(try first.batch(isTransactional: true))
        try log.append(try second.batch(isTransactional: true))
        if round % 7 == 0 { await Task.yield() }
        try log.abort(second.producer)
        try log.append(Record(key: "plain", value: "x"))
        try log.commit(first.producer)
      }
      // What is undecided when the log is closed is not read.
      try log.append(try first.batch(isTransactional: true))
      try log.append(Record(key: "undecided", value: "x"))
      while log.waiters.count == 0 { await Task.yield() }
      try await log.close()
      let keys = try await reading.value
      #expect(keys == (1...50).flatMap { ["1-\($0)", "plain"] })
    }
  }

  /// Four producers and others by turns, as in a case of Kafka's own, with its values; what is aborted is
  /// the same for a replica.
  @Test(arguments: Place.all)
  func manyTransactionsAtOnce(_ place: Place) async throws {
    let expected = [
      AbortedTransaction(producerID: 1, firstOffset: 0, lastOffset: 29, lastStableOffset: 8),
      AbortedTransaction(producerID: 2, firstOffset: 8, lastOffset: 74, lastStableOffset: 36),
    ]
    try await place.withDirectory { directory in
      let log = try ManualWorld().open(directory + "/leader", place.configuration())
      var producers = (1...4).map { NumberedBatches($0) }
      func send(_ number: Int, _ count: Int) throws {
        try log.append(try producers[number - 1].batch(count, isTransactional: true))
      }
      func others(_ count: Int) throws {
        try log.append((0..<count).map { _ in Record(value: "x") })
      }
      try send(1, 5)
      try others(3)
      try send(2, 2)
      try send(1, 4)
      try send(3, 3)
      try others(2)
      try send(1, 10)
      #expect(try log.abort(producers[0].producer).offset == 29)
      try send(2, 6)
      try send(4, 3)
      try others(10)
      try send(3, 9)
      #expect(try log.commit(producers[2].producer).offset == 58)
      try send(4, 8)
      try send(2, 7)
      #expect(try log.abort(producers[1].producer).offset == 74)
      try others(10)
      try send(4, 4)
      #expect(log.lastStableOffset == 36)
      #expect(try log.commit(producers[3].producer).offset == 89)
      #expect(log.lastStableOffset == 90)
      #expect(try log.abortedNow(0..<90) == expected)

      let replica = try ManualWorld().open(directory + "/replica", place.configuration())
      try replicate(log, to: replica)
      #expect(try replica.abortedNow(0..<90) == expected)
      #expect(try replica.committedKeys() == log.committedKeys())
      try replica.closeNow()
      try log.closeNow()
    }
  }

  private func replicate(_ leader: Log, to replica: Log) throws {
    var scan = try leader.scan(from: .earliest)
    while let batch = try scan.next() { try replica.append(replicated: batch.bytes) }
  }

  /// Another process reads what this one writes.
  @Test(arguments: Place.all)
  func whoFollowsKnowsTheSame(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let configuration = place.configuration(segmentByteCount: 4096)
      let log = try world.open(directory, configuration)
      var producer = NumberedBatches(3)
      try log.append(try producer.batch(isTransactional: true, byteCount: 1500))
      let follower = try world.open(directory, configuration, mode: .readOnly)
      #expect(follower.lastStableOffset == 0 && follower.end == 1)
      for _ in 0..<4 { try log.append(try producer.batch(isTransactional: true, byteCount: 1500)) }
      try log.abort(producer.producer)
      try log.append(Record(key: "plain", value: "x"))
      world.settle()
      #expect(try follower.committedKeys() == ["plain"])
      #expect(follower.lastStableOffset == log.end)
      #expect(try follower.abortedNow(0..<2) == log.abortedNow(0..<2))
      #expect(follower.producers == log.producers)
      try follower.closeNow()
      try log.closeNow()
    }
  }
}
