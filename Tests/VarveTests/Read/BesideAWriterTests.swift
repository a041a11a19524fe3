import Foundation
import Synchronization
import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A log that is opened to read while another process removes its segments, or compacts them.
@Suite struct BesideAWriterTests {
  private let wreck = Wreck()

  private func writer(upTo end: Offset = 40) throws -> Log {
    let log = try wreck.open()
    try wreck.fill(log, upTo: end)
    return log
  }

  private func removeBefore(_ start: Offset, in log: Log) throws {
    try log.deleteRecordsNow(before: start)
    while log.runtime.step() {}
    #expect(wreck.bytes("00000000000000000000.log") == nil)
  }

  /// What has gone is said to have gone; what has not is read.
  @Test func whatRetentionRemoves() throws {
    let log = try writer()
    let reader = try wreck.open(mode: .readOnly)
    try removeBefore(16, in: log)
    let told = [
      error { try reader.recordNow(at: 3) }, error { try reader.stored(from: .earliest) },
      error { try reader.sliceNow(from: .earliest) },
    ]
    for error in told {
      #expect(error?.code == .trimmed, "\(error as Any)")
      #expect(error?.message.contains("open it again") == true)
    }
    #expect(try reader.recordNow(at: 16) == Wreck.record(16))
    let again = try wreck.open(mode: .readOnly)
    #expect(again.start == 16)
    #expect(try again.stored() == Wreck.stored(16..<40))
    for log in [reader, again, log] { try log.closeNow() }
  }

  /// A file that has the name of another one by now is not read in its place; one that is open is.
  @Test func whatAnotherTakesThePlaceOf() throws {
    let log = try writer()
    let reader = try wreck.open(mode: .readOnly)
    #expect(try reader.recordNow(at: 3) == Wreck.record(3))
    for base: Offset in [0, 8] {
      let path = wreck.path(base).log
      let bytes = wreck.segment(base)[Wreck.position(base.advanced(by: 2))...]
      try OpenFile("/log/new", .creating, in: wreck.disk).write(Array(bytes).span.bytes, at: 0)
      try wreck.disk.rename("/log/new", to: path)
    }
    #expect(try reader.recordNow(at: 1) == Wreck.record(1))
    #expect(error { try reader.recordNow(at: 9) }?.code == .trimmed)
    #expect(error { try reader.recordNow(at: 12) }?.code == .trimmed)
    for log in [reader, log] { try log.closeNow() }
  }

  /// Opens the log to read it, and does something in the midst of that: before one of the calls that list the
  /// directory, or ask for a file.
  private func openToRead(
    before number: Int, of call: SystemCall, _ deed: @escaping @Sendable () throws -> Void
  ) throws -> Log {
    let files = WatchedFileSystem(wreck.disk)
    let seen = Mutex(0)
    files.before { noted throws(SystemError) in
      guard noted.call == call else { return }
      let isTime = seen.withLock { seen in
        seen += 1
        return seen == number
      }
      if isTime { try? deed() }
    }
    defer {
      files.before(nil)
      #expect(seen.withLock { $0 } >= number)
    }
    return try Log.open(
      at: wreck.directory, mode: .readOnly, configuration: wreck.configuration,
      runtime: LogRuntime(steppedBy: wreck.clock),
      environment: LogEnvironment(
        fileSystem: files, time: wreck.clock, random: SeededRandom(seed: 1)))
  }

  @Test(arguments: [SystemCall.status, .list], [1, 2, 3])
  func removedWhileItIsOpened(_ call: SystemCall, _ number: Int) throws {
    let log = try writer()
    let reader = try openToRead(before: number, of: call) { try removeBefore(16, in: log) }
    #expect(reader.start == 16)
    #expect(try reader.stored() == Wreck.stored(16..<40))
    for log in [reader, log] { try log.closeNow() }
  }

  /// One segment takes the place of two, and has not done so yet: nobody takes the log for one with a gap.
  @Test(arguments: 1...7)
  func replacedWhileItIsOpened(_ number: Int) throws {
    let log = try writer()
    let swap = wreck.path(0).log + ".swap"
    let both = wreck.segment(0) + wreck.segment(8)
    try OpenFile(swap, .creating, in: wreck.disk).write(both.span.bytes, at: 0)
    try wreck.remove(8)
    let reader = try openToRead(before: number, of: .list) {
      try wreck.disk.rename(swap, to: wreck.path(0).log)
    }
    #expect(try reader.stored() == Wreck.stored(0..<40))
    for log in [reader, log] { try log.closeNow() }
  }

  /// Whoever was about to replace segments has ended: what is there is read.
  @Test func aReplacementThatNobodyGoesOnWith() throws {
    let log = try writer()
    _ = try OpenFile("/log/00000000000000000000.log.swap", .creating, in: wreck.disk)
    let reader = try wreck.open(mode: .readOnly)
    #expect(try reader.stored() == Wreck.stored(0..<40))
    for log in [reader, log] { try log.closeNow() }
  }

  private static let keyCount = 40

  private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isRaised: Bool { value.load(ordering: .acquiring) }
    func raise() { value.store(true, ordering: .releasing) }
  }

  /// Each scan that comes to the end has seen each key, however much was compacted meanwhile.
  @Test(arguments: Place.all)
  func noKeyIsMissed(_ place: Place) async throws {
    try await place.withDirectory { directory in
      var configuration = place.configuration(segmentByteCount: 4 << 10)
      configuration.cleaner = CompactionPolicy(minimumDirtyRatio: 0)
      let log = try await Log.open(
        at: directory, configuration: configuration, runtime: LogRuntime(), environment: .unsynced)
      try Self.append(to: log)
      let isDone = Flag()
      let writing = Task {
        defer { isDone.raise() }
        for _ in 0..<60 {
          try Self.append(to: log)
          _ = try await log.clean()
        }
      }
      var wholeCount = 0
      while !isDone.isRaised {
        guard let keys = try await Self.keys(at: directory, configuration) else { continue }
        #expect(keys == Self.keyCount)
        wholeCount += 1
      }
      try await writing.value
      #expect(wholeCount > 0)
      try await log.close()
    }
  }

  private static func append(to log: Log) throws {
    for number in 0..<keyCount * 3 {
      try log.append(Record(key: "key \(number % keyCount)", value: "value \(log.end)"))
    }
  }

  /// How many keys there are; nil where it was told that something has gone meanwhile.
  private static func keys(
    at directory: String, _ configuration: LogConfiguration
  ) async throws -> Int? {
    let reader = try await Log.open(
      at: directory, mode: .readOnly, configuration: configuration, runtime: LogRuntime(),
      environment: .unsynced)
    let keys: Result<Int, any Error> = Result { Set(try reader.stored().map(\.record.key)).count }
    try await reader.close()
    do {
      return try keys.get()
    } catch let error as LogError where error.code == .trimmed {
      return nil
    }
  }
}
