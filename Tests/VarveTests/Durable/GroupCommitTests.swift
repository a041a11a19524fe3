import Testing
import VarveSystem

@testable import Varve

/// Many who wait, few syncs; and nobody who need not wait does.
@Suite struct GroupCommitTests {
  /// Calls `body` with a log of which each sync waits at a gate, once it is open.
  private func withLog(
    _ place: Place, _ body: (Log, WatchedFileSystem, Gate) async throws -> Void
  ) async throws {
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: 1 << 20),
        // Its gates hold threads that others would wait for.
        runtime: LogRuntime(),
        environment: LogEnvironment(
          fileSystem: disk, time: SystemClock(), random: SystemRandom()))
      let gate = Gate()
      disk.forget()
      disk.before { call in if call.call == .syncData { gate.pass() } }
      try await body(log, disk, gate)
      gate.open()
      try await log.close()
    }
  }

  private func record(_ number: Int) -> Record { Record(key: "\(number)", value: "paid") }

  /// Those who come while a sync is held up are all served by the next one.
  @Test(arguments: Place.all)
  func tasksShareSyncs(_ place: Place) async throws {
    try await withLog(place) { log, disk, gate in
      try await withThrowingTaskGroup(of: AppendReceipt.self) { group in
        for number in 0..<100 {
          group.addTask { try await log.append(record(number), durability: .durable) }
        }
        await gate.arrivals(1)
        // All others come meanwhile.
        while log.end < 100 { await Task.yield() }
        #expect(log.durableEnd == 0)
        gate.open()
        var offsets: Set<Offset> = []
        for try await receipt in group {
          #expect(receipt.durability == .durable)
          #expect(log.durableEnd >= receipt.nextOffset)
          offsets.insert(receipt.offset)
        }
        #expect(offsets.count == 100)
      }
      #expect((1...2).contains(disk.count(.syncData)))
      #expect(gate.arrivedCount == disk.count(.syncData))
    }
  }

  /// Of threads one syncs for all.
  @Test(arguments: Place.all)
  func threadsShareSyncs(_ place: Place) async throws {
    try await withLog(place) { log, disk, gate in
      let done = Lock<[AppendReceipt]>([])
      let threads = 12
      for number in 0..<threads {
        try OwnedThread.detached(named: "waiting") {
          guard let receipt = try? log.appendDurably(record(number)) else { return }
          done.withLock { $0.append(receipt) }
        }
      }
      await gate.arrivals(1)
      while log.end < Offset(rawValue: Int64(threads)) { await Task.yield() }
      gate.open()
      while done.withLock({ $0.count }) < threads { await Task.yield() }
      #expect(done.withLock { Set($0.map(\.offset)) }.count == threads)
      #expect(done.withLock { $0.allSatisfy { $0.durability == .durable } })
      #expect((1...2).contains(disk.count(.syncData)))
    }
  }

  /// A device that takes its time holds up those who wait for it, and no task beside them: there are
  /// more of these than the pool has threads.
  @Test(arguments: Place.all)
  func othersGoOn(_ place: Place) async throws {
    try await withLog(place) { log, _, gate in
      let waiting = (0..<64).map { number in
        Task { try await log.append(record(number), durability: .durable) }
      }
      await gate.arrivals(1)
      while log.end < 64 { await Task.yield() }
      // The gate stays closed: these would never end if a thread were missing.
      let sum = await withTaskGroup(of: Int.self) { group in
        for number in 0..<64 {
          group.addTask {
            await Task.yield()
            return number
          }
        }
        return await group.reduce(0, +)
      }
      #expect(sum == 64 * 63 / 2)
      // Appends and reads go on, too.
      let receipt = try log.append(record(64))
      let found = try await log.record(at: receipt.offset)
      #expect(receipt.durability == .published && found?.key == record(64).key)
      #expect(log.durableEnd == 0)
      gate.open()
      for task in waiting {
        let receipt = try await task.value
        #expect(receipt.durability == .durable)
      }
    }
  }

  /// Who waits to cut the log, or for what is to be deleted to be durable, holds no thread either: there
  /// are more of these than the runtime has workers.
  @Test(arguments: Place.all)
  func cutsWaitWithoutAThread(_ place: Place) async throws {
    try await withLog(place) { log, _, gate in
      try log.append((0..<10).map { record($0) })
      let waiting = Task { try await log.waitUntilDurable(10) }
      await gate.arrivals(1)
      let deletions = (0..<4).map { number in
        Task { try await log.deleteRecords(before: Offset(rawValue: number)) }
      }
      let cuts = (0..<4).map { _ in Task { try await log.truncate(to: 20) } }
      try log.append((10..<30).map { record($0) })
      for _ in 0..<4 { #expect(try await log.newestRecord() != nil) }
      gate.open()
      try await waiting.value
      for task in deletions { #expect(try await task.value <= 3) }
      for task in cuts { #expect([20, 10].contains(try await task.value)) }
      #expect(log.start == 3)
    }
  }

  /// Who comes while another one cuts waits for his turn, where an append is told to come again.
  @Test(arguments: Place.all)
  func cutsWaitForEachOther(_ place: Place) async throws {
    try await withLog(place) { log, _, gate in
      try log.append((0..<10).map { record($0) })
      for number in 10..<30 { try log.append(record(number)) }
      let cuts = Task { try await log.truncate(to: 20) }
      await gate.arrivals(1)
      #expect(error { try log.append(record(30)) }?.code == .retry)
      let others = [25, 15].map { offset in
        Task { try await onThread { try log.truncateNow(to: Offset(rawValue: offset)) } }
      }
      // So that they have most likely come to where they wait.
      for _ in 0..<100 { await Task.yield() }
      gate.open()
      #expect(try await cuts.value == 20)
      #expect([20, 15].contains(try await others[0].value))
      #expect(try await others[1].value == 15)
      #expect(log.end == 15)
    }
  }

  /// A thread that has synced does not sync on for the tasks that came meanwhile: another one does.
  @Test(arguments: Place.all)
  func tasksWhoComeWhileAThreadSyncs(_ place: Place) async throws {
    try await withLog(place) { log, disk, gate in
      let isDone = Gate()
      try OwnedThread.detached(named: "waiting") {
        _ = try? log.appendDurably(record(0))
        isDone.pass()
      }
      await gate.arrivals(1)
      let task = Task { try await log.append(record(1), durability: .durable) }
      while log.end < 2 { await Task.yield() }
      // So that it has most likely begun to wait; if not, it leads itself.
      for _ in 0..<100 { await Task.yield() }
      gate.open()
      #expect(try await task.value.offset == 1)
      await isDone.arrivals(1)
      isDone.open()
      #expect(disk.count(.syncData) == 2)
    }
  }

  @Test(arguments: Place.all)
  func whatIsDurableNeedsNoSync(_ place: Place) async throws {
    try await withLog(place) { log, disk, gate in
      gate.open()
      #expect(try await log.flush() == 0)
      #expect(disk.count(.syncData) == 0)
      try log.append((0..<5).map { record($0) })
      #expect(log.durableEnd == 0)
      #expect(try await log.flush() == 5)
      #expect(log.durableEnd == 5)
      try await log.waitUntilDurable(5)
      try await log.waitUntilDurable(1)
      try log.waitNow(for: 5)
      #expect(try log.flushNow() == 5)
      #expect(disk.count(.syncData) == 1)
      // What nothing makes durable.
      for offset: Offset in [6, .init(rawValue: .max)] {
        #expect(error { try log.waitNow(for: offset) }?.code == .invalidArgument)
        let failure = await asyncError { try await log.waitUntilDurable(offset) }
        #expect(failure?.code == .invalidArgument)
      }
      #expect(disk.count(.syncData) == 1)
    }
  }

  /// All forms of a durable append, from tasks and from threads.
  @Test(arguments: Place.all)
  func allForms(_ place: Place) async throws {
    try await withLog(place) { log, _, gate in
      gate.open()
      let batch = try RecordBatch.of([record(0), record(1)])
      var receipts = [
        try await log.append(record(0), durability: .durable),
        try await log.append([record(0), record(1)], durability: .durable),
        try await log.append(batch, durability: .durable),
      ]
      receipts += try log.appendInAllFormsNow(record(2), batch)
      for receipt in receipts {
        #expect(receipt.durability == .durable && log.durableEnd >= receipt.nextOffset)
      }
      #expect(receipts.last?.nextOffset == log.end && log.durableEnd == log.end)
      let before = log.durableEnd
      #expect(try await log.append(record(9), durability: .published).durability == .published)
      #expect(log.durableEnd == before)
    }
  }
}

extension Log {
  fileprivate func appendInAllFormsNow(
    _ record: Record, _ batch: RecordBatch
  ) throws -> [AppendReceipt] {
    let bytes: [UInt8] = [1, 2, 3]
    return [
      try append(record, durability: .durable),
      try append([record, record], durability: .durable),
      try append(batch, durability: .durable),
      try append(key: nil, value: bytes.span.bytes, durability: .durable),
    ]
  }
}
