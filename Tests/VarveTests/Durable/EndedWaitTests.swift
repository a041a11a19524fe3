import Testing
import VarveSystem

@testable import Varve

/// Waits that end otherwise than by a sync of their own: cancelled, closed, poisoned.
@Suite struct EndedWaitTests {
  /// Calls `body` with a log of which each sync of bytes waits at a gate.
  private func withLog(
    _ place: Place, _ body: (Log, WatchedFileSystem, Gate) async throws -> Void
  ) async throws {
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      let log = try await Log.open(
        at: directory, configuration: place.configuration(),
        environment: LogEnvironment(
          fileSystem: disk, time: SystemClock(), random: SystemRandom()))
      let gate = Gate()
      disk.forget()
      disk.before { call in if call.call == .syncData { gate.pass() } }
      try await body(log, disk, gate)
      gate.open()
      try? await log.close()
    }
  }

  private func append(_ log: Log, _ number: Int) -> Task<AppendReceipt, any Error> {
    Task { try await log.append(Record(value: "\(number)"), durability: .durable) }
  }

  private func failure(_ task: Task<AppendReceipt, any Error>) async -> LogError? {
    await asyncError { try await task.value }
  }

  @Test(arguments: Place.all)
  func cancelled(_ place: Place) async throws {
    try await withLog(place) { log, _, gate in
      let task = append(log, 0)
      await gate.arrivals(1)
      task.cancel()
      // While the sync is held up still.
      let failure = await failure(task)
      #expect(failure?.code == .cancelled && failure?.appendedOffset == 0)
      #expect(log.durableEnd == 0 && log.end == 1)
      gate.open()
      // It becomes durable all the same.
      try await log.waitUntilDurable(1)
      #expect(try await log.record(at: 0)?.value == Array("0".utf8))
    }
  }

  /// Who was cancelled before has waited for nothing, and its record is there.
  @Test(arguments: Place.all)
  func cancelledBefore(_ place: Place) async throws {
    try await withLog(place) { log, _, gate in
      let begin = Gate()
      let task = Task {
        while begin.arrivedCount == 0 { await Task.yield() }
        return try await log.append(Record(value: "x"), durability: .durable)
      }
      task.cancel()
      begin.open()
      begin.pass()
      let failure = await failure(task)
      #expect(failure?.code == .cancelled && failure?.appendedOffset == 0)
      #expect(log.end == 1)
      gate.open()
      try await log.flush()
      // What is durable already needs no wait, and is told.
      let flush = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await log.flush()
      }
      #expect(try await flush.value == 1)
    }
  }

  /// Whoever waits while the log is closed is served by that.
  @Test(arguments: Place.all)
  func closed(_ place: Place) async throws {
    try await withLog(place) { log, _, gate in
      let first = append(log, 0)
      await gate.arrivals(1)
      let rest = (1..<20).map { append(log, $0) }
      while log.end < 20 { await Task.yield() }
      let closing = Task { try await log.close() }
      // It has to wait for the sync that is held up, and takes no more appends only then.
      gate.open()
      try await closing.value
      for task in [first] + rest {
        let receipt = try await task.value
        #expect(receipt.durability == .durable)
      }
      #expect(log.durableEnd == 20)
      let late = await failure(append(log, 20))
      #expect(late?.code == .closed && late?.appendedOffset == nil)
      // All is durable, so there is nothing to wait for.
      try await log.waitUntilDurable(20)
      #expect(try await log.flush() == 20)
    }
  }

  /// Whoever waits for what goes, where the log begins anew, hears of that, though it begins behind.
  @Test(arguments: Place.all)
  func begunAnew(_ place: Place) async throws {
    try await withLog(place) { log, _, gate in
      let first = append(log, 0)
      await gate.arrivals(1)
      let second = append(log, 1)
      while log.end < 2 { await Task.yield() }
      let anew = Task { try await log.truncateFully(startingAt: 100) }
      while log.commits.state.withLock({ !$0.hasDuties }) { await Task.yield() }
      gate.open()
      try await anew.value
      // It was durable, and may not have looked before it was gone.
      _ = try? await first.value
      let failure = await failure(second)
      #expect(failure?.code == .trimmed && failure?.appendedOffset == 1)
      #expect(log.start == 100 && log.durableEnd == 100)
    }
  }

  /// A sync fails: all who wait hear the same, and where their records are.
  @Test(arguments: Place.all)
  func poisoned(_ place: Place) async throws {
    try await withLog(place) { log, disk, gate in
      disk.before { call throws(SystemError) in
        guard call.call == .syncData, call.name != "varve.side" else { return }
        gate.pass()
        throw SystemError(.syncData, .inputOutput)
      }
      let tasks = (0..<20).map { append(log, $0) }
      let thread = Lock<LogError?>(nil)
      await gate.arrivals(1)
      while log.end < 20 { await Task.yield() }
      try OwnedThread.detached(named: "waiting") {
        let failure = error { try log.appendDurably(Record(value: "thread")) }
        thread.withLock { $0 = failure }
      }
      while log.end < 21 { await Task.yield() }
      gate.open()
      var offsets: Set<Offset> = []
      for task in tasks {
        let failure = try #require(await failure(task))
        #expect(failure.code == .poisoned)
        #expect(failure.systemCall == .init(name: "fdatasync", errno: 5))
        offsets.insert(try #require(failure.appendedOffset))
      }
      while thread.withLock({ $0 == nil }) { await Task.yield() }
      #expect(thread.withLock { $0?.code } == .poisoned)
      offsets.insert(try #require(thread.withLock { $0?.appendedOffset }))
      #expect(offsets == Set(0..<21))
      // Once and for all, and without a second sync.
      #expect(error { try log.append(Record(value: "x")) }?.code == .poisoned)
      for offset: Offset in [1, 21] {
        #expect(error { try log.waitNow(for: offset) }?.code == .poisoned)
      }
      #expect(await asyncError { try await log.waitUntilDurable(21) }?.code == .poisoned)
      #expect(disk.count(.syncData, ".log") == 1)
    }
  }

  /// Nothing is wrong with what is there: a sync could not be tried. Those who wait hear of it, and
  /// a later one serves them.
  @Test(arguments: Place.all)
  func rejected(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      let log = try ManualWorld(fileSystem: disk).open(
        directory, place.configuration(segmentByteCount: 4096))
      disk.before { call throws(SystemError) in
        if call.call == .write, call.name.hasSuffix("-new") {
          throw SystemError(.write, .noSpace)
        }
      }
      let value = [UInt8](repeating: 1, count: 3000)
      for _ in 0..<2 { try log.append(Record(value: value)) }
      // Two segments, and no space for the indexes of the first one.
      let failure = await asyncError {
        try await log.append(Record(value: "x"), durability: .durable)
      }
      #expect(failure?.code == .full && failure?.appendedOffset == 2)
      #expect(error { try log.waitNow(for: 3) }?.code == .full)
      #expect(log.end == 3 && log.durableEnd < 3)
      disk.before(nil)
      try await log.waitUntilDurable(3)
      #expect(log.durableEnd == 3)
      try await log.close()
    }
  }
}
