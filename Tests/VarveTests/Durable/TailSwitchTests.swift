import Testing
import VarveSystem

@testable import Varve

/// A log that is synced often is written by calls, and by stores again once that is over.
@Suite struct TailSwitchTests {
  private static let mapped = Place.all.filter { $0.writer == .mapped }

  /// Appends with upkeep, and returns how many of so many appends were calls.
  private func calls(
    _ log: Log, _ disk: WatchedFileSystem, _ world: ManualWorld, appends count: Int,
    byteCount: Int = 100, syncs: Bool = false
  ) throws -> Int {
    disk.forget()
    for _ in 0..<count {
      try log.append(Record(value: [UInt8](repeating: 1, count: byteCount)))
      world.settle()
      if syncs { try log.flushNow() }
    }
    return disk.calls.count { call in
      call.call == .write && (call.name.hasSuffix(".log") || call.name.hasPrefix("varve-spare."))
    }
  }

  @Test(arguments: mapped)
  func thereAndBack(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      let world = ManualWorld(fileSystem: disk)
      let log = try world.open(directory, place.configuration(segmentByteCount: 1 << 20))
      // The first one finds no mapping.
      _ = try calls(log, disk, world, appends: 1)
      #expect(try calls(log, disk, world, appends: 20) == 0)
      #expect(log.tail.withLock { $0.mapping != nil })
      // The switch, at the second sync, and all that follows.
      #expect(try calls(log, disk, world, appends: LogLimits.frequentSyncCount, syncs: true) == 0)
      #expect(log.tail.withLock { $0.mapping == nil })
      #expect(try calls(log, disk, world, appends: 20, syncs: true) == 20)
      // Not within the segment.
      #expect(try calls(log, disk, world, appends: 20) == 20)
      // The next segment is written as this one was, for it was synced often.
      while log.segments.count < 2 {
        _ = try calls(log, disk, world, appends: 8, byteCount: 30_000)
        try log.flushNow()
      }
      #expect(try calls(log, disk, world, appends: 20) == 20)
      // The third one is not synced, so the one behind it is mapped.
      while log.segments.count < 4 {
        _ = try calls(log, disk, world, appends: 1, byteCount: 30_000)
      }
      _ = try calls(log, disk, world, appends: 2)
      #expect(try calls(log, disk, world, appends: 20) == 0)
      #expect(log.tail.withLock { $0.mapping != nil })
      let end = log.end
      try log.closeNow()
      // It is the same log, however it was written.
      let again = try world.open(directory, place.configuration(segmentByteCount: 1 << 20))
      #expect(try again.stored().count == Int(end.rawValue))
      try again.closeNow()
    }
  }
}
