import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A leader and two followers in one process: batches go over as they lie on disk, leaders change, and
/// what only one of them had is cut off again.
@Suite struct ReplicationTests {
  /// Fetches what a replica has and another one does not, as often as it takes.
  private func fetch(_ follower: Log, from leader: Log, maximumByteCount: Int = 3000) throws {
    let reader = ZeroCopyReader(leader)
    while let slice = try reader.slice(
      from: .offset(follower.end), maximumByteCount: maximumByteCount)
    {
      try append(slice, to: follower)
    }
    follower.setHighWatermark(to: leader.highWatermark)
  }

  private func append(_ slice: LogSlice, to follower: Log) throws {
    try slice.withBytes { bytes throws(LogError) in _ = try follower.append(replicated: bytes) }
  }

  private func bytes(of slice: LogSlice) throws -> [UInt8] {
    try slice.withBytes { bytes throws(LogError) in
      bytes.withUnsafeBytes { Array($0) }
    }
  }

  /// Cuts a follower where it parts from its leader: by the ends of epochs, as often as it takes.
  private func reconcile(_ follower: Log, with leader: Log) throws -> Int {
    for round in 0... {
      let epoch = follower.leaderEpochs.last?.epoch ?? .none
      guard let theirs = leader.endOffset(for: epoch) else {
        try follower.restartNow(at: leader.start)
        return round
      }
      let own = follower.endOffset(for: theirs.epoch)?.endOffset ?? follower.end
      try follower.truncateNow(to: min(theirs.endOffset, own))
      let isKnown = follower.leaderEpochs.last.map { $0.epoch == theirs.epoch } ?? true
      if isKnown || theirs.epoch == epoch { return round }
    }
    return 0
  }

  private func append(_ log: Log, _ count: Int, _ text: String) throws {
    for number in 0..<count {
      let records = (0..<1 + number % 3).map {
        Record(
          key: "\(number)", value: "\(text) \(number) \($0) " + String(repeating: "x", count: 100))
      }
      try log.append(records)
    }
  }

  /// All bytes of a log, one batch behind the other.
  private func bytes(_ log: Log) throws -> [UInt8] {
    var found: [UInt8] = []
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() { found += batch.bytes.withUnsafeBytes { Array($0) } }
    return found
  }

  private func expectSame(_ logs: [Log]) throws {
    let first = try bytes(logs[0])
    for log in logs {
      let found = try bytes(log)
      #expect(found == first)
      #expect(log.end == logs[0].end)
      #expect(log.leaderEpochs == logs[0].leaderEpochs)
    }
  }

  private func withLogs(_ place: Place, _ body: ([Log]) throws -> Void) async throws {
    try await place.withDirectory { directory in
      var logs: [Log] = []
      for (number, size) in [4096, 8192, 20_000].enumerated() {
        logs.append(
          try await Log.open(
            at: directory + "/\(number)",
            configuration: place.configuration(segmentByteCount: size),
            environment: .unsynced))
      }
      try body(logs)
      for log in logs { try await log.close() }
      var again: [Log] = []
      for log in logs {
        again.append(
          try await Log.open(
            at: log.directory, configuration: log.configuration, environment: .unsynced))
      }
      try expectSame(again)
      for log in again { try await log.close() }
    }
  }

  @Test(arguments: Place.all)
  func leadersChange(_ place: Place) async throws {
    try await withLogs(place) { logs in
      let (a, b, c) = (logs[0], logs[1], logs[2])
      try a.beginEpoch(0)
      try append(a, 40, "a")
      try fetch(b, from: a)
      try fetch(c, from: a)
      a.advanceHighWatermark(to: a.end)
      try expectSame(logs)
      // A goes on alone, and is lost; B leads, from where it is.
      try append(a, 15, "only a")
      let parted = b.end
      try b.beginEpoch(1)
      try append(b, 20, "b")
      #expect(try reconcile(c, with: b) == 0)
      try fetch(c, from: b)
      // A comes back, is cut to where they part, and follows.
      let held = try #require(try ZeroCopyReader(a).slice(from: .offset(parted)))
      let before = try bytes(of: held)
      _ = try reconcile(a, with: b)
      #expect(a.end == parted)
      try fetch(a, from: b)
      try expectSame(logs)
      #expect(try bytes(of: held) == before)
      #expect(
        a.leaderEpochs == [
          LeaderEpochStart(epoch: 0, startOffset: 0),
          LeaderEpochStart(epoch: 1, startOffset: parted),
        ])
    }
  }

  /// Both sides have what the other has not, over several reigns.
  @Test(arguments: Place.all)
  func reignsThatNobodyShares(_ place: Place) async throws {
    try await withLogs(place) { logs in
      let (a, b, c) = (logs[0], logs[1], logs[2])
      try a.beginEpoch(0)
      try append(a, 10, "a")
      try fetch(b, from: a)
      try fetch(c, from: a)
      // A leads twice, and nobody follows; so does B, between.
      try a.beginEpoch(2)
      try append(a, 9, "a, 2")
      try b.beginEpoch(1)
      try append(b, 7, "b, 1")
      try b.beginEpoch(3)
      try append(b, 8, "b, 3")
      try c.beginEpoch(5)
      try append(c, 12, "c, 5")
      for log in [a, b] {
        _ = try reconcile(log, with: c)
        try fetch(log, from: c)
      }
      try expectSame(logs)
    }
  }

  /// A follower that has nothing which its leader still has begins anew.
  @Test(arguments: Place.all)
  func aFollowerThatWasAwayForLong(_ place: Place) async throws {
    try await withLogs(place) { logs in
      let (a, b, c) = (logs[0], logs[1], logs[2])
      try a.beginEpoch(0)
      try append(a, 60, "a")
      a.advanceHighWatermark(to: a.end)
      try fetch(b, from: a)
      for log in [a, b] { try log.deleteRecordsNow(before: 70) }
      let refusal = error { try fetch(c, from: a) }
      #expect(refusal?.code == .trimmed)
      // The first batch may begin before the leader's start.
      let first = try #require(try ZeroCopyReader(a).slice(from: .earliest))
      try c.restartNow(at: first.offsets.lowerBound)
      try append(first, to: c)
      try fetch(c, from: a)
      try c.deleteRecordsNow(before: 70)
      try expectSame(logs.map { $0 })
      for log in logs { try log.deleteRecordsNow(before: log.end) }
      for log in logs { try log.restartNow(at: 500) }
      try a.beginEpoch(4)
      try append(a, 5, "anew")
      try fetch(b, from: a)
      try fetch(c, from: a)
      try expectSame(logs)
    }
  }
}
