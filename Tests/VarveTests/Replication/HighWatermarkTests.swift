import Testing
import VarveSystem

@testable import Varve

/// Up to where a log is replicated.
@Suite struct HighWatermarkTests {
  private func withLog(
    _ place: Place, _ body: (Log, EventRecorder) async throws -> Void
  ) async throws {
    try await place.withDirectory { directory in
      var configuration = place.configuration(segmentByteCount: 4096)
      let events = EventRecorder()
      configuration.observer = events
      let log = try await Log.open(
        at: directory, configuration: configuration, environment: .unsynced)
      try await body(log, events)
      if log.commits.failure == nil { try await log.close() }
    }
  }

  private func fill(_ log: Log, _ count: Int = 10) throws {
    for number in 0..<count {
      try log.append((0..<2).map { Record(value: "\(number) \($0)") })
    }
  }

  @Test(arguments: Place.all)
  func itLiesWithinTheLog(_ place: Place) async throws {
    try await withLog(place) { log, _ in
      #expect(log.highWatermark == 0)
      #expect(log.advanceHighWatermark(to: 5) == 0)
      try fill(log)
      #expect(log.advanceHighWatermark(to: 6) == 6)
      // A leader's never goes back.
      #expect(log.advanceHighWatermark(to: 4) == 6)
      #expect(log.advanceHighWatermark(to: 1000) == 20)
      // A follower's may.
      #expect(log.setHighWatermark(to: 4) == 4)
      #expect(log.setHighWatermark(to: -7) == 0)
      #expect(log.setHighWatermark(to: 1000) == 20)
      #expect(log.highWatermark == 20)
    }
  }

  @Test(arguments: Place.all)
  func theObserverIsTold(_ place: Place) async throws {
    try await withLog(place) { log, events in
      try fill(log)
      for offset: Offset in [4, 4, 3, 8] { log.advanceHighWatermark(to: offset) }
      log.setHighWatermark(to: 2)
      try await log.close()
      let moves = events.all.filter { if case .highWatermarkMoved = $0 { true } else { false } }
      #expect(moves == [4, 8, 2].map { .highWatermarkMoved(to: $0) })
    }
  }

  @Test(arguments: Place.all)
  func readersStopThere(_ place: Place) async throws {
    try await withLog(place) { log, _ in
      try fill(log)
      let reader = ZeroCopyReader(log)
      func ends(_ offset: Offset) async throws -> Offset? {
        try await reader.slice(from: .earliest, isolation: .highWatermark)?.offsets.upperBound
      }
      #expect(try await ends(0) == nil)
      log.advanceHighWatermark(to: 6)
      #expect(try await ends(6) == 6)
      // A batch is there when all of it is.
      log.advanceHighWatermark(to: 9)
      #expect(try await ends(9) == 8)
      log.advanceHighWatermark(to: 20)
      #expect(try await ends(20) == 20)
      #expect(try await reader.slice(from: .latest, isolation: .highWatermark) == nil)
    }
  }

  @Test(arguments: Place.all)
  func whoWaitsIsWoken(_ place: Place) async throws {
    try await withLog(place) { log, _ in
      let reader = ZeroCopyReader(log)
      let slice = Task {
        try await reader.waitForSlice(from: .latest, isolation: .highWatermark)
      }
      let tail = Task {
        var offsets: [Offset] = []
        for try await batch in log.tail(from: .earliest, isolation: .highWatermark) {
          offsets.append(batch.header.baseOffset)
          if offsets.count == 3 { break }
        }
        return offsets
      }
      while log.watermark.watchers.count < 2 { await Task.yield() }
      try fill(log)
      // What is not replicated wakes nobody.
      #expect(log.watermark.watchers.count == 2)
      log.advanceHighWatermark(to: 2)
      #expect(try await slice.value?.offsets == 0..<2)
      // Up to the midst of a batch.
      log.advanceHighWatermark(to: 3)
      log.advanceHighWatermark(to: 5)
      while log.watermark.watchers.count < 1 { await Task.yield() }
      log.advanceHighWatermark(to: 6)
      #expect(try await tail.value == [0, 2, 4])
    }
  }

  @Test(arguments: Place.all)
  func theWaitEndsWithTheLog(_ place: Place) async throws {
    try await withLog(place) { log, _ in
      try fill(log)
      let tail = Task {
        for try await _ in log.tail(from: .earliest, isolation: .highWatermark) {}
      }
      while log.watermark.watchers.count < 1 { await Task.yield() }
      try await log.close()
      try await tail.value
    }
  }

  @Test(arguments: Place.all)
  func aFailedSyncTakesItBack(_ place: Place) async throws {
    try await withLog(place) { log, _ in
      try fill(log, 2)
      try await log.flush()
      try fill(log, 2)
      log.advanceHighWatermark(to: 8)
      log.poison(SystemError(.syncData, .inputOutput))
      #expect(log.highWatermark == 4 && log.end == 4)
      await expectFailure(.poisoned) { try await log.close() }
    }
  }
}
