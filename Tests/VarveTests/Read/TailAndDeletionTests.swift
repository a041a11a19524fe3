import Foundation
import Testing
import VarveSystem

@testable import Varve

/// Tails that have the last of a file which has no name any more.
@Suite struct TailAndDeletionTests {
  /// To let go of it frees its space, which may take long: not where a task iterates.
  @Test(arguments: Place.all)
  func theLastOfADeletedSegmentIsLetGoOfElsewhere(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: 4096),
        runtime: LogRuntime(),
        environment: LogEnvironment(fileSystem: disk, time: SystemClock(), random: SystemRandom()))
      for _ in 0..<5 {
        try log.append(Record(value: [UInt8](repeating: 1, count: 1500)))
      }
      try await log.flush()
      let closed = Lock<pthread_t?>(nil)
      let own = try read(log, over: 2) {
        disk.before { call in
          guard call.call == .close, call.name == "00000000000000000000.log" else { return }
          closed.withLock { $0 = pthread_self() }
        }
      }
      while closed.withLock({ $0 == nil }) { await Task.yield() }
      #expect(closed.withLock { $0 } != own)
      disk.before(nil)
      try await log.close()
    }
  }

  /// Reads up to a segment's end, has the segment deleted, and reads on. Returns by which thread.
  private func read(
    _ log: Log, over end: Offset, _ watch: () -> Void
  ) throws -> pthread_t {
    let cursor = TailCursor(log, from: .earliest, .logEnd)
    while cursor.nextOffset < end { _ = try next(cursor) }
    try log.deleteNow(before: end)
    watch()
    #expect(try next(cursor) == end)
    return pthread_self()
  }

  /// Where the next batch begins.
  private func next(_ cursor: TailCursor) throws -> Offset? {
    while true {
      switch try cursor.next() {
      case .batch(let batch): return batch.header.baseOffset
      case .needsDevice: try cursor.waitForDevice()
      case .atEnd: return nil
      }
    }
  }
}

extension Log {
  fileprivate func deleteNow(before offset: Offset) throws { _ = try deleteRecords(before: offset) }
}
