import Testing
import VarveSystem

@testable import Varve

/// Disks of the kernel's that run full while a log is written, and have space again.
@Suite(
  .enabled(if: SmallDisk.isMountable, "mounting small file systems takes CAP_SYS_ADMIN"),
  .serialized)
struct FullDiskTests {
  private static let writers: [LogConfiguration.TailWriter] = [.mapped, .positional]

  private static func record(_ offset: Offset) -> Record {
    let number = offset.rawValue
    let count = 2000 + Int(number * 7919 % 60_000)
    return Record(
      key: "\(number)",
      value: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: count),
      timestamp: .at(1_700_000_000_000 + number))
  }

  private static func configuration(
    _ writer: LogConfiguration.TailWriter, _ events: EventRecorder
  ) -> LogConfiguration {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 1 << 20
    configuration.tailWriter = writer
    configuration.observer = events
    configuration.diskWatermarks = DiskWatermarks(lowByteCount: 4 << 20, lowFraction: 0)
    return configuration
  }

  /// Appends until nothing fits any more, as an appender that tries again.
  private static func appendUntilFull(_ log: Log, _ world: ManualWorld) throws {
    var failures = 0
    while failures < 5 {
      let failure = error { try log.append(record(log.end)) }
      #expect(failure == nil || failure?.code == .full)
      failures = failure == nil ? 0 : failures + 1
      world.pass(milliseconds: 200, steps: 2)
    }
  }

  private static func expectAll(_ log: Log, end: Offset) throws {
    #expect(log.end == end)
    let expected = (log.start.rawValue..<end.rawValue).map { Offset(rawValue: $0) }
      .map { StoredRecord($0, record($0)) }
    let found = try log.stored()
    #expect(found == expected)
  }

  @Test(arguments: SmallDisk.available, writers)
  func appendsResumeWithoutGapOrDouble(
    _ disk: SmallDisk, _ writer: LogConfiguration.TailWriter
  ) throws {
    try disk.withMount { directory in
      let events = EventRecorder()
      let world = ManualWorld(fileSystem: PosixFileSystem())
      let path = directory + "/log"
      let log = try world.open(path, Self.configuration(writer, events))
      for _ in 0..<20 { try log.append(Self.record(log.end)) }
      world.settle()
      try SmallDisk.fill(directory)
      try Self.appendUntilFull(log, world)
      #expect(log.diskState == .writeBlocked)
      let end = log.end
      try Self.expectAll(log, end: end)
      try SmallDisk.empty(directory)
      world.pass(milliseconds: 2000)
      for _ in 0..<60 {
        try log.append(Self.record(log.end))
        world.settle()
      }
      world.pass(milliseconds: 2000)
      #expect(log.diskState != .writeBlocked)
      #expect(events.diskStates.contains(.writeBlocked))
      #expect(events.diskStates.last == log.diskState)
      try Self.expectAll(log, end: end.advanced(by: 60))
      let found = try log.verifyNow()
      #expect(found.isSound)
      try log.closeNow()
    }
  }

  /// With nothing free at all, after a kill: a log is opened, read, and gives its space back. btrfs copies
  /// what is written anew, so that there nothing can be written at all: the log can be read.
  @Test(arguments: SmallDisk.available, writers)
  func openingAndDeletingNeedNoSpace(
    _ disk: SmallDisk, _ writer: LogConfiguration.TailWriter
  ) throws {
    try disk.withMount { directory in
      let events = EventRecorder()
      let path = directory + "/log"
      let end: Offset
      do {
        let world = ManualWorld(fileSystem: PosixFileSystem())
        let log = try world.open(path, Self.configuration(writer, events))
        for _ in 0..<100 {
          try log.append(Self.record(log.end))
          world.settle()
        }
        try SmallDisk.fill(directory)
        try Self.appendUntilFull(log, world)
        end = log.end
      }
      try SmallDisk.fill(directory)
      let world = ManualWorld(fileSystem: PosixFileSystem())
      if disk == .btrfs {
        let reader = try world.open(path, Self.configuration(writer, events), mode: .readOnly)
        try Self.expectAll(reader, end: end)
        try reader.closeNow()
        let failure = error { try world.open(path, Self.configuration(writer, events)) }
        #expect(failure == nil || failure?.code == .full)
        try SmallDisk.empty(directory)
      }
      let log = try world.open(path, Self.configuration(writer, events))
      #expect(log.recovery?.damage ?? [] == [] && log.recovery?.cutByteCount ?? 0 == 0)
      try Self.expectAll(log, end: end)
      try log.deleteRecordsNow(before: end.advanced(by: -10))
      try Self.expectAll(log, end: end)
      world.pass(milliseconds: 2000)
      for _ in 0..<20 {
        try log.append(Self.record(log.end))
        world.settle()
      }
      try Self.expectAll(log, end: end.advanced(by: 20))
      try log.closeNow()
    }
  }
}
