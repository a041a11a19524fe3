import Foundation
import Testing
import VarveSystem

@testable import Varve

/// A log on a disk that is nearly full, to which several times as much is written as the disk holds, and of
/// which the last record of each key is kept, by itself: the disk never runs full.
@Suite(
  .enabled(
    if: SmallDisk.available.contains(.ext4), "mounting small file systems takes CAP_SYS_ADMIN"),
  .serialized)
struct OverwrittenDiskTests {
  private static let diskByteCount = 256 << 20
  private static let keyCount = 10_000
  private static let batchRecordCount = 64

  /// `VARVE_DISK_ROUNDS`: how many times as much as the disk holds. `make overwrite` has ten of them.
  private static let roundCount =
    ProcessInfo.processInfo.environment["VARVE_DISK_ROUNDS"].flatMap { Int($0) } ?? 2

  @Test func cleaningKeepsUp() throws {
    try SmallDisk.ext4.withMount(byteCount: Self.diskByteCount) { directory in
      let events = EventRecorder()
      var configuration = LogConfiguration()
      configuration.segmentByteCount = 512 << 10
      configuration.cleaner = .compact()
      // By itself it would come too late.
      configuration.cleaningInterval = .seconds(3600)
      configuration.diskWatermarks = DiskWatermarks(lowByteCount: 0, lowFraction: 0.07)
      configuration.observer = events
      let log = try Log.open(
        at: directory + "/log", configuration: configuration, runtime: LogRuntime(),
        environment: LogEnvironment(
          fileSystem: PosixFileSystem(), time: SystemClock(), random: SystemRandom()))
      var overwriting = Overwriting(keyCount: Self.keyCount)
      for _ in 0..<3 * Self.keyCount / Self.batchRecordCount {
        try overwriting.append(Self.batchRecordCount, to: log)
      }
      try SmallDisk.fill(directory, leaving: 0.05)
      let leastFree = try FreeWatch.begin(directory)
      while overwriting.byteCount < Self.roundCount * Self.diskByteCount {
        try overwriting.append(Self.batchRecordCount, to: log)
      }
      let least = leastFree()
      #expect(least > 0.02, "\(least) of the disk were left")
      #expect(!events.diskStates.contains(.writeBlocked))
      #expect(log.cleanerStatus.failure == nil)
      let table = try log.table().mapValues { Array($0.prefix(8)) }
      #expect(table == overwriting.table)
      try log.closeNow()
    }
  }
}

/// Records of so many keys, each of which comes again and again, in an order that changes.
private struct Overwriting {
  private static let filler = [UInt8](repeating: 7, count: 1000)
  private let keyCount: Int
  /// Of each key, which record was its last.
  private var last: [Int]
  private var number = 0
  private var random = SystemRandomNumberGenerator()
  /// Bytes of all values.
  private(set) var byteCount = 0

  init(keyCount: Int) {
    self.keyCount = keyCount
    last = Array(repeating: -1, count: keyCount)
  }

  /// Appends a batch.
  mutating func append(_ count: Int, to log: Log) throws {
    let now = Timestamp(milliseconds: SystemClock().wallMilliseconds)
    try log.append(reserving: count * (Self.filler.count + 64)) { batch in
      for _ in 0..<count {
        // Each key once, and then whichever.
        let key = number < keyCount ? number : Int.random(in: 0..<keyCount, using: &random)
        let (name, value) = (Array("\(key)".utf8), bytes(of: number) + Self.filler)
        try batch.append(
          key: name.span.bytes, value: value.span.bytes, timestamp: now)
        last[key] = number
        number += 1
        byteCount += value.count
      }
    }
  }

  private func bytes(of number: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  /// What the log is to say of each key.
  var table: [String: [UInt8]] {
    var table: [String: [UInt8]] = [:]
    for (key, number) in last.enumerated() {
      table["\(key)"] = bytes(of: number)
    }
    return table
  }
}

/// Looks all along how much of a disk is free.
private final class FreeWatch: Sendable {
  private struct State {
    var least = 1.0
    var isOver = false
  }

  private let directory: String
  private let state = Lock(State())

  private init(_ directory: String) { self.directory = directory }

  /// What is called when it is over, and returns the least part that was free.
  static func begin(_ directory: String) throws -> () -> Double {
    let watch = FreeWatch(directory)
    let thread = try OwnedThread(named: "varve-watch") { watch.look() }
    return {
      watch.state.withLock { $0.isOver = true }
      thread.join()
      return watch.state.withLock { $0.least }
    }
  }

  private func look() {
    while !state.withLock({ $0.isOver }) {
      if let space = try? PosixFileSystem().space(at: directory) {
        let part = Double(space.freeByteCount) / Double(space.totalByteCount)
        state.withLock { $0.least = min($0.least, part) }
      }
      usleep(500)
    }
  }
}
