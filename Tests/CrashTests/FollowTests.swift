import Foundation
import Testing
import Varve

@testable import crash_child

/// A process that reads what another one writes.
@Suite struct FollowTests {
  private static let segmentByteCount = 64 << 10

  private static func appending(_ directory: String, _ place: CrashPlace, seed: UInt64) -> Appending
  {
    Appending(
      directory: directory, writer: place.writer, segmentByteCount: segmentByteCount,
      threadCount: 3, recordByteCount: 700, seed: seed)
  }

  /// This process writes, closes the log, opens it again and writes on.
  @Test(arguments: CrashPlace.all)
  func eachRecordIsSeenOnce(_ place: CrashPlace) async throws {
    try await onThread {
      try place.withDirectory { directory in
        let configuration = place.configuration(segmentByteCount: Self.segmentByteCount)
        var ledger = Ledger()
        func write(to log: Log, seed: UInt64, untilSegments count: Int) throws {
          let appending = Self.appending(directory, place, seed: seed)
          ledger.add(
            appending, try LocalWriter.append(appending, to: log, untilSegments: count))
        }
        let log = try Log.open(at: directory, configuration: configuration)
        let follower = try Child(Following(directory: directory))
        try follower.expect("had opened the log") { $0.openedEnd != nil }
        try write(to: log, seed: 1, untilSegments: 12)
        let tenthRoll = log.segments[10].baseOffset
        try follower.expect("had followed ten rolls") { $0.seenEnd > tenthRoll }
        try log.close()

        let again = try Log.open(at: directory, configuration: configuration)
        try write(to: again, seed: 2, untilSegments: 16)
        try Self.expectEnd(of: follower, at: again)
        #expect(try ledger.check(again) == 0)
        try again.close()
      }
    }
  }

  /// Others write, and are killed, and what they leave is recovered and written on.
  @Test(arguments: CrashPlace.all)
  func writersMayBeKilled(_ place: CrashPlace) async throws {
    try await onThread {
      try place.withDirectory { directory in
        var ledger = Ledger()
        var followers: [Child] = []
        for seed: UInt64 in 1...4 {
          let appending = Self.appending(directory, place, seed: seed)
          let writer = try Child(appending)
          try writer.expect("had opened the log") { $0.openedEnd != nil }
          // One that was there from the start, and some that came later.
          followers.append(try Child(Following(directory: directory)))
          writer.wait(within: .seconds(5)) { $0.rollCount >= 3 }
          writer.kill()
          #expect(try writer.waitForEnd() == .killed(signal: SIGKILL))
          writer.ask { ledger.add(appending, $0) }
        }
        let log = try Log.open(
          at: directory,
          configuration: place.configuration(segmentByteCount: Self.segmentByteCount))
        for follower in followers { try Self.expectEnd(of: follower, at: log) }
        #expect(try ledger.check(log) <= 4 * 3)
        #expect(log.segments.count > 4)
        try log.close()
      }
    }
  }

  /// A follower comes to the log's end, ends when it is told to, and has seen each batch that is
  /// there, once, as it is.
  private static func expectEnd(of follower: Child, at log: Log) throws {
    try follower.expect("came to the end, \(log.end)") { $0.seenEnd >= log.end }
    follower.closeControl()
    #expect(try follower.waitForEnd() == .exited(status: 0))
    #expect(follower.ask { $0.hasFinished && $0.nonsense.isEmpty })
    let (seen, there) = (follower.ask { $0.batches }, try log.batches())
    let difference = zip(seen, there).first { $0 != $1 }
    #expect(difference == nil)
    #expect(seen.count == there.count)
  }
}

extension Log {
  /// What a follower is to see.
  fileprivate func batches() throws -> [SeenBatch] {
    var found: [SeenBatch] = []
    var scan = try scan(from: .earliest)
    while let batch = try scan.next() {
      found.append(
        SeenBatch(
          baseOffset: batch.header.baseOffset, recordCount: batch.header.recordCount,
          checksum: CRC32C.checksum(of: batch.bytes)))
    }
    return found
  }
}
