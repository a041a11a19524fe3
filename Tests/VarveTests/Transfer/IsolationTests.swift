import Testing
import VarveSystem

@testable import Varve

/// Slices of what is durable, while more than that has been appended.
@Suite struct IsolationTests {
  private func withLog(
    _ place: Place, _ body: (Log, ZeroCopyReader) async throws -> Void
  ) async throws {
    try await place.withDirectory { directory in
      var configuration = place.configuration(segmentByteCount: 64 << 10)
      configuration.syncPolicy = .never
      let log = try await Log.open(
        at: directory, configuration: configuration, environment: .unsynced)
      try await body(log, ZeroCopyReader(log))
      try await log.close()
    }
  }

  private func append(_ log: Log, _ count: Int) throws {
    for _ in 0..<count { try log.append(Record(value: [UInt8](repeating: 7, count: 1000))) }
  }

  @Test(arguments: Place.all)
  func slicesEndWhereTheDeviceDoes(_ place: Place) async throws {
    try await withLog(place) { log, reader in
      try append(log, 10)
      #expect(try await reader.slice(from: .earliest, isolation: .durable) == nil)
      #expect(try await reader.slice(from: 5, isolation: .durable) == nil)
      try await log.flush()
      try append(log, 5)
      let all = try #require(try await reader.slice(from: .earliest))
      #expect(all.offsets == 0..<15)
      let durable = try #require(try await reader.slice(from: .earliest, isolation: .durable))
      #expect(durable.offsets == 0..<10)
      #expect(try await reader.slice(after: durable, isolation: .durable) == nil)
      #expect(try await reader.slice(after: durable)?.offsets == 10..<15)
      // The same positions mean what is read.
      #expect(try await reader.slice(from: .latest, isolation: .durable) == nil)
      #expect(try await reader.slice(from: .last(3), isolation: .durable)?.offsets == 7..<10)
      #expect(try await reader.slice(from: .last(3))?.offsets == 12..<15)
      #expect(
        try await reader.slice(from: .last(100), isolation: .durable)?.offsets == 0..<10)
      #expect(try await reader.slice(from: 12, isolation: .durable) == nil)
    }
  }

  /// A batch is durable as a whole, also where a roll lies between.
  @Test(arguments: Place.all)
  func acrossSegments(_ place: Place) async throws {
    try await withLog(place) { log, reader in
      try append(log, 150)
      try await log.flush()
      let durable = log.durableEnd
      try append(log, 150)
      var next = try await reader.slice(from: .earliest, isolation: .durable)
      var end: Offset = 0
      while let slice = next {
        #expect(slice.offsets.lowerBound == end)
        end = slice.offsets.upperBound
        next = try await reader.slice(after: slice, isolation: .durable)
      }
      #expect(end == durable && durable == 150)
      #expect(log.segments.count > 4)
    }
  }

  @Test(arguments: Place.all)
  func aSyncWakesThoseWhoWait(_ place: Place) async throws {
    try await withLog(place) { log, reader in
      try append(log, 3)
      let waiting = Task { try await reader.waitForSlice(from: .earliest, isolation: .durable) }
      let latest = Task { try await reader.waitForSlice(from: .latest, isolation: .durable) }
      while !log.commits.watchers.isAnyoneWaiting { await Task.yield() }
      // Appends alone do not, and to wait syncs nothing.
      try append(log, 3)
      #expect(
        try await reader.waitForSlice(
          from: .earliest, isolation: .durable, within: .milliseconds(20)) == nil)
      #expect(log.durableEnd == 0)
      try await log.flush()
      #expect(try await waiting.value?.offsets.lowerBound == 0)
      #expect(try await latest.value?.offsets == 0..<6)
    }
  }

  @Test(arguments: Place.all)
  func whoOnlyReadsCannotWaitForIt(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(at: directory, environment: .unsynced)
      try append(log, 3)
      let follower = try await Log.open(at: directory, mode: .readOnly)
      let reader = ZeroCopyReader(follower)
      #expect(try await reader.waitForSlice(from: .earliest)?.offsets == 0..<3)
      await expectFailure(.invalidArgument) {
        try await reader.waitForSlice(from: .earliest, isolation: .durable)
      }
      try await follower.close()
      try await log.close()
    }
  }
}
