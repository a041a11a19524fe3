import Testing
import VarveSystem

@testable import Varve

/// When a log syncs what nobody waits for.
@Suite struct SyncPolicyTests {
  private func withLog(
    _ place: Place, _ policy: SyncPolicy,
    _ body: (Log, WatchedFileSystem, ManualWorld) throws -> Void
  ) async throws {
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      let world = ManualWorld(fileSystem: disk)
      var configuration = place.configuration()
      configuration.syncPolicy = policy
      let log = try world.open(directory, configuration)
      world.settle()
      disk.forget()
      try body(log, disk, world)
      try log.closeNow()
    }
  }

  private func append(_ log: Log, _ count: Int = 1) throws {
    for _ in 0..<count { try log.append(Record(value: "x")) }
  }

  @Test(arguments: Place.all)
  func byTheNumberOfRecords(_ place: Place) async throws {
    try await withLog(place, .every(recordCount: 10)) { log, disk, world in
      for round in 1...5 {
        try append(log, 9)
        world.settle()
        #expect(disk.count(.syncData) == round - 1)
        try append(log)
        world.settle()
        #expect(disk.count(.syncData) == round)
        #expect(log.durableEnd == Offset(rawValue: Int64(round * 10)))
      }
      // Batches count by their records.
      try log.append([Record](repeating: Record(value: "x"), count: 25))
      world.settle()
      #expect(log.durableEnd == 75 && disk.count(.syncData) == 6)
      // A sync that somebody waited for counts as well.
      try append(log, 9)
      try log.flushNow()
      try append(log, 9)
      world.settle()
      #expect(log.durableEnd == 84)
      try append(log)
      world.settle()
      #expect(log.durableEnd == 94)
      world.pass(milliseconds: 60_000)
      #expect(disk.count(.syncData, ".log") == 8)
    }
  }

  @Test(arguments: Place.all)
  func byTime(_ place: Place) async throws {
    try await withLog(place, .every(.milliseconds(500))) { log, disk, world in
      // Nothing to sync, however long it lasts.
      world.pass(milliseconds: 5_000, steps: 50)
      #expect(disk.count(.syncData) == 0)
      for round in 1...3 {
        try append(log)
        world.settle()
        world.pass(milliseconds: 490, steps: 49)
        try append(log)
        world.settle()
        #expect(disk.count(.syncData) == round - 1)
        world.pass(milliseconds: 10, steps: 1)
        #expect(disk.count(.syncData) == round)
        #expect(log.durableEnd == log.end)
        world.pass(milliseconds: 5_000, steps: 50)
        #expect(disk.count(.syncData) == round)
      }
      // While records come all the time.
      let before = disk.count(.syncData)
      for _ in 0..<300 {
        try append(log)
        world.pass(milliseconds: 10, steps: 1)
        // At the latest after the interval, and the time between two looks.
        #expect(log.durableEnd >= log.end.advanced(by: -60))
      }
      #expect((4...6).contains(disk.count(.syncData) - before))
    }
  }

  /// Also once nothing more is appended and the log has been put to rest.
  @Test(arguments: Place.all)
  func byALongTime(_ place: Place) async throws {
    try await withLog(place, .every(.seconds(60))) { log, disk, world in
      try append(log)
      world.settle()
      world.pass(milliseconds: 59_000, steps: 590)
      #expect(log.durableEnd == 0)
      world.pass(milliseconds: 1_500, steps: 15)
      #expect(log.durableEnd == 1 && disk.count(.syncData) == 1)
    }
  }

  @Test(arguments: Place.all)
  func byBoth(_ place: Place) async throws {
    try await withLog(place, SyncPolicy(recordCount: 3, interval: .seconds(1))) {
      log, disk, world in
      try append(log, 3)
      world.settle()
      #expect(log.durableEnd == 3)
      try append(log)
      world.settle()
      #expect(log.durableEnd == 3)
      world.pass(milliseconds: 1_100, steps: 11)
      #expect(log.durableEnd == 4 && disk.count(.syncData) == 2)
    }
  }

  /// A policy's sync that cannot be tried is told, and tried again.
  @Test(arguments: Place.all)
  func aSyncThatCannotBeTried(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let (disk, events) = (WatchedFileSystem(), EventRecorder())
      let world = ManualWorld(fileSystem: disk)
      var configuration = place.configuration(segmentByteCount: 4096)
      configuration.syncPolicy = SyncPolicy(interval: .milliseconds(200), atRoll: false)
      configuration.observer = events
      let log = try world.open(directory, configuration)
      for _ in 0..<3 { try log.append(Record(value: [UInt8](repeating: 1, count: 1500))) }
      world.settle()
      disk.before { call throws(SystemError) in
        if call.call == .syncDirectory { throw SystemError(.syncDirectory, .noMemory) }
      }
      world.pass(milliseconds: 1_000)
      #expect(log.durableEnd < 3)
      #expect(events.failures.contains { $0.code == .retry })
      disk.before(nil)
      world.pass(milliseconds: 1_000)
      #expect(log.durableEnd == 3)
      try log.closeNow()
    }
  }
}
