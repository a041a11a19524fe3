import Synchronization
import Testing
import VarveSystem

@testable import Varve

/// Tasks that append, and lack what only a device can give.
@Suite struct WaitingAppendRaceTests {
  private static let segmentByteCount = 16 << 10
  private static let taskCount = 64

  /// Calls `body` with a log that begins its second segment soon.
  private func withLog(
    _ place: Place, _ body: (Log, WatchedFileSystem) async throws -> Void
  ) async throws {
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      let log = try await Log.open(
        at: directory,
        configuration: place.configuration(segmentByteCount: Self.segmentByteCount),
        // Its threads are held up where others would wait for them.
        runtime: LogRuntime(),
        environment: LogEnvironment(
          fileSystem: disk, time: SystemClock(), random: SystemRandom()))
      try await body(log, disk)
      try await log.close()
    }
  }

  /// So large that a segment has room for four.
  private func record(_ number: Int) -> Record {
    Record(key: "\(number)", value: [UInt8](repeating: 7, count: Self.segmentByteCount / 5))
  }

  private final class Begun: Sendable { let count = Atomic(0) }

  private static func isSpare(_ call: WatchedFileSystem.Call) -> Bool {
    call.call == .open && LogFileNames.spareNumber(call.name) != nil
  }

  /// A file system takes its time to make a file, and many tasks need it: all have begun before it is there, which
  /// they could not have if each kept a thread of those that tasks share.
  @Test(arguments: Place.all)
  func noTaskHoldsAThread(_ place: Place) async throws {
    try await withLog(place) { log, disk in
      let (gate, begun) = (Gate(), Begun())
      disk.before { call in if Self.isSpare(call) { gate.pass() } }
      try await withThrowingTaskGroup(of: AppendReceipt.self) { group in
        for number in 0..<Self.taskCount {
          group.addTask {
            begun.count.add(1, ordering: .relaxed)
            return try await log.append(record(number), durability: .published)
          }
        }
        await gate.arrivals(1)
        while begun.count.load(ordering: .relaxed) < Self.taskCount { await Task.yield() }
        #expect(log.end < Offset(rawValue: Int64(Self.taskCount)))
        gate.open()
        var offsets: Set<Offset> = []
        for try await receipt in group { offsets.insert(receipt.offset) }
        #expect(offsets.count == Self.taskCount)
      }
      #expect(log.end == Offset(rawValue: Int64(Self.taskCount)))
    }
  }

  /// Hardly anything is left of the disk, and a cleaning takes long: tasks wait for it without a thread, and all
  /// of them together no longer than one would.
  @Test(arguments: [LogConfiguration.TailWriter.mapped, .positional])
  func tasksWaitForRoomTogether(_ writer: LogConfiguration.TailWriter) async throws {
    let place = Place(medium: .memory, writer: writer)
    try await place.withDirectory { directory in
      let (time, begun) = (ManualTime(), Begun())
      var configuration = place.configuration(segmentByteCount: Self.segmentByteCount)
      configuration.cleaner = .delete(olderThan: .seconds(1 << 30))
      configuration.diskWatermarks = DiskWatermarks(lowByteCount: 1 << 60)
      let log = try await Log.open(
        at: directory, configuration: configuration, runtime: LogRuntime(),
        environment: LogEnvironment(
          fileSystem: UnsyncedFileSystem(), time: time, random: SystemRandom()))
      // It has been begun, and does not come to its end.
      let isBegun = log.cleaning.withLock {
        $0.recurrence.look(now: 1, interval: 1, first: 0, isDemanded: true).isDue
      }
      #expect(isBegun)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<Self.taskCount {
          group.addTask {
            begun.count.add(1, ordering: .relaxed)
            try await log.append(record(number), durability: .published)
          }
        }
        while begun.count.load(ordering: .relaxed) < Self.taskCount { await Task.yield() }
        #expect(log.end < Offset(rawValue: Int64(Self.taskCount)))
        // Of each its time is over then; and of none before.
        time.advance(milliseconds: LogLimits.longestRoomWait / 1_000_000)
        try await group.waitForAll()
      }
      #expect(log.end == Offset(rawValue: Int64(Self.taskCount)))
      try await log.close()
    }
  }

  /// Whoever needs a file that cannot be made hears why, each of them; and what was appended is what was said.
  @Test(arguments: Place.all)
  func eachTaskHearsWhatFailed(_ place: Place) async throws {
    try await withLog(place) { log, disk in
      disk.before { call throws(SystemError) in
        if Self.isSpare(call) { throw SystemError(.open, .accessDenied) }
      }
      let outcomes = await withTaskGroup(of: Result<AppendReceipt, LogError>.self) { group in
        for number in 0..<Self.taskCount {
          group.addTask {
            do throws(LogError) {
              return .success(try await log.append(record(number), durability: .durable))
            } catch {
              return .failure(error)
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      let appended = outcomes.compactMap { try? $0.get().offset.rawValue }
      #expect(appended.count < Self.taskCount)
      #expect(appended.sorted() == Array(0..<log.end.rawValue))
      for case .failure(let error) in outcomes {
        #expect(error.systemCall?.errno == Errno.accessDenied.rawValue)
        #expect(error.appendedOffset == nil)
      }
      disk.before(nil)
      let next = try await log.append(record(0), durability: .durable)
      #expect(next.offset.rawValue == appended.count)
    }
  }
}
