import Testing
import VarveSystem

@testable import Varve

/// The records that a log has, one by one, for tasks.
@Suite struct LogRecordsTests {
  private func keys(_ records: LogRecords) async throws -> [String] {
    var found: [String] = []
    for try await record in records {
      found.append(String(decoding: Record(copying: record.view).key ?? [], as: UTF8.self))
    }
    return found
  }

  private func fill(_ log: Log, _ numbers: Range<Int>, perBatch count: Int = 3) throws {
    for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: count) {
      try log.append(
        (start..<min(start + count, numbers.upperBound)).map {
          Record(key: "\($0)", value: [UInt8](repeating: 7, count: 200))
        })
    }
  }

  @Test(arguments: Place.all)
  func fromAndUntil(_ place: Place) async throws {
    try await place.withLog(segmentByteCount: 4 << 10) { log in
      #expect(try await keys(log.records()) == [])
      try fill(log, 0..<60)
      #expect(log.segments.count > 2)
      let all = (0..<60).map(String.init)
      #expect(try await keys(log.records()) == all)
      // In the midst of a batch, at both ends.
      #expect(try await keys(log.records(from: .offset(4))) == Array(all[4...]))
      #expect(try await keys(log.records(until: 31)) == Array(all[..<31]))
      #expect(try await keys(log.records(from: .offset(4), until: 5)) == ["4"])
      for end: Offset in [0, 3, 4] {
        #expect(try await keys(log.records(from: .offset(4), until: end)) == [])
      }
      #expect(try await keys(log.records(from: .latest)) == [])
      #expect(try await keys(log.records(until: 1_000)) == all)
      try log.deleteNow(before: 7)
      #expect(try await keys(log.records()) == Array(all[7...]))
      let failure = await asyncError { try await keys(log.records(from: .offset(3))) }
      #expect(failure?.code == .trimmed)
    }
  }

  /// What comes later is not read: it ends.
  @Test(arguments: Place.all)
  func itEndsWhereTheLogDid(_ place: Place) async throws {
    try await place.withLog(segmentByteCount: 4 << 10) { log in
      try fill(log, 0..<10)
      var iterator = log.records().makeAsyncIterator()
      var count = 0
      while try await iterator.next() != nil {
        count += 1
        try fill(log, 100..<101)
      }
      #expect(count == 10 && log.end == 20)
      #expect(try await iterator.next() == nil)
    }
  }

  /// Markers are nobody's records, and with an isolation only what counts is read.
  @Test(arguments: Place.all)
  func transactions(_ place: Place) async throws {
    try await place.withLog(segmentByteCount: 4 << 10) { log in
      var (first, second) = (NumberedBatches(1), NumberedBatches(2))
      try log.append(try first.batch(2, isTransactional: true))
      try log.append(try second.batch(isTransactional: true))
      try log.abort(second.producer)
      try log.commit(first.producer)
      try log.append(try second.batch(isTransactional: true))
      try log.append(Record(key: "plain", value: "x"))
      #expect(try await keys(log.records()) == ["1-1", "1-2", "2-1", "2-2", "plain"])
      #expect(try await keys(log.records(isolation: .lastStable)) == ["1-1", "1-2"])
      #expect(
        try await keys(log.records(until: log.lastStableOffset)) == ["1-1", "1-2", "2-1"])
    }
  }

  @Test func whoIsCancelledEnds() async throws {
    try await Place(medium: .memory, writer: .positional).withLog { log in
      try fill(log, 0..<10)
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return await asyncError { try await keys(log.records()) }
      }
      #expect(await task.value?.code == .cancelled)
    }
  }
}

extension Log {
  fileprivate func deleteNow(before offset: Offset) throws { try deleteRecords(before: offset) }
}
