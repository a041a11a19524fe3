import Testing
import VarveSystem

@testable import Varve

/// Slices that are waited for until they are worth it.
@Suite struct MinimumTests {
  /// A batch of one record of 1,000 bytes.
  private static let batchByteCount = 1070

  private func append(_ log: Log, _ count: Int = 1) throws {
    for _ in 0..<count { try log.append(Record(value: [UInt8](repeating: 7, count: 1000))) }
    #expect(log.byteCount == Int(log.end.rawValue) * Self.batchByteCount)
  }

  private func withLog(
    _ place: Place, segmentByteCount: Int = 1 << 20,
    _ body: (Log, ZeroCopyReader) async throws -> Void
  ) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: segmentByteCount),
        environment: .unsynced)
      try await body(log, ZeroCopyReader(log))
      try await log.close()
    }
  }

  @Test(arguments: Place.all)
  func soManyBytesAreWaitedFor(_ place: Place) async throws {
    try await withLog(place) { log, reader in
      try append(log)
      let wanted = 5 * Self.batchByteCount
      let waiting = Task {
        try await reader.waitForSlice(from: .earliest, minimumByteCount: wanted)
      }
      for _ in 0..<4 {
        while !log.waiters.isAnyoneWaiting { await Task.yield() }
        try append(log)
      }
      #expect(try await waiting.value?.offsets == 0..<5)
      // One byte more than there is would wait for ever.
      let slice = try await reader.waitForSlice(
        from: .earliest, minimumByteCount: wanted + 1, within: .milliseconds(1))
      #expect(slice?.offsets == 0..<5)
    }
  }

  @Test(arguments: Place.all)
  func noMoreIsWaitedForThanASliceMayHave(_ place: Place) async throws {
    try await withLog(place) { log, reader in
      try append(log, 3)
      let slice = try await reader.waitForSlice(
        from: .earliest, minimumByteCount: .max, maximumByteCount: 3 * Self.batchByteCount)
      #expect(slice?.offsets == 0..<3)
      // At least one batch, however little is asked for.
      let least = try await reader.waitForSlice(
        from: .earliest, minimumByteCount: -1, maximumByteCount: 0)
      #expect(least?.offsets == 0..<1)
    }
  }

  /// What follows in the next segment does not come into a slice of this one.
  @Test(arguments: Place.all)
  func theEndOfASegmentEndsTheWait(_ place: Place) async throws {
    try await withLog(place, segmentByteCount: 10 * Self.batchByteCount) { log, reader in
      try append(log, 8)
      let waiting = Task {
        try await reader.waitForSlice(from: 6, minimumByteCount: 100 * Self.batchByteCount)
      }
      while !log.waiters.isAnyoneWaiting { await Task.yield() }
      try append(log, 4)
      let slice = try #require(try await waiting.value)
      #expect(slice.offsets == 6..<10)
      let next = try await reader.waitForSlice(
        after: slice, minimumByteCount: 2 * Self.batchByteCount)
      #expect(next?.offsets == 10..<12)
    }
  }

  @Test(arguments: Place.all)
  func closingEndsTheWaitWithWhatThereIs(_ place: Place) async throws {
    try await withLog(place) { log, reader in
      try append(log, 2)
      let waiting = Task {
        try await reader.waitForSlice(from: 1, minimumByteCount: 10_000)
      }
      while !log.waiters.isAnyoneWaiting { await Task.yield() }
      #expect(!log.isClosed)
      try await log.close()
      #expect(log.isClosed)
      #expect(try await waiting.value?.offsets == 1..<2)
      #expect(try await reader.waitForSlice(from: .latest, within: .seconds(1000)) == nil)
    }
  }

  @Test(arguments: Place.all)
  func nothingInTime(_ place: Place) async throws {
    try await withLog(place) { log, reader in
      try append(log, 2)
      let last = try #require(try await reader.slice(from: .earliest))
      for duration: Duration in [.seconds(-1), .zero, .milliseconds(3)] {
        #expect(try await reader.waitForSlice(from: .latest, within: duration) == nil)
        #expect(try await reader.waitForSlice(after: last, within: duration) == nil)
        #expect(
          try await reader.waitForSlice(
            from: 1, minimumByteCount: 10_000, within: duration)?.offsets == 1..<2)
      }
      // As far away as can be said.
      for duration: Duration in [.seconds(Int64.max), .seconds(1 << 31)] {
        let waiting = Task { try await reader.waitForSlice(from: .latest, within: duration) }
        while !log.waiters.isAnyoneWaiting { await Task.yield() }
        try append(log)
        #expect(try await waiting.value != nil)
      }
    }
  }

  /// Time is the environment's, and upkeep tells it.
  @Test(arguments: Place.all)
  func byTheLogsOwnClock(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let log = try world.open(directory, place.configuration())
      let reader = ZeroCopyReader(log)
      let short = Task { try await reader.waitForSlice(from: .latest, within: .seconds(10)) }
      let long = Task { try await reader.waitForSlice(from: .latest, within: .seconds(30)) }
      while log.waiters.count < 2 { await Task.yield() }
      world.pass(milliseconds: 9_990)
      #expect(log.waiters.count == 2)
      world.pass(milliseconds: 10, steps: 1)
      #expect(try await short.value == nil)
      #expect(log.waiters.count == 1)
      world.pass(milliseconds: 20_000)
      #expect(try await long.value == nil)
      #expect(log.waiters.count == 0)
      try log.closeNow()
    }
  }

  /// Of a poisoned log nothing more comes, and who waits is told so.
  @Test(arguments: Place.all)
  func aFailedSyncEndsTheWait(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(), environment: .unsynced)
      let reader = ZeroCopyReader(log)
      try append(log, 2)
      try await log.flush()
      let tail = Task { for try await _ in log.tail(from: .latest) {} }
      let waiting = ReadIsolation.allCases.map { isolation in
        Task { try await reader.waitForSlice(from: .latest, isolation: isolation) }
      }
      while log.waiters.count < 2 || log.commits.watchers.count < 1 { await Task.yield() }
      log.poison(SystemError(.syncData, .inputOutput))
      for task in waiting { await expectFailure(.poisoned) { try await task.value } }
      await expectFailure(.poisoned) { try await tail.value }
      #expect(!log.isClosed)
      #expect(try await reader.waitForSlice(from: .earliest)?.offsets == 0..<2)
      await expectFailure(.poisoned) { try await log.close() }
      await expectFailure(.poisoned) { try await reader.waitForSlice(from: .latest) }
    }
  }
}
