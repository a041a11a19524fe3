import CLinuxForTests
import Foundation
import Testing
import VarveSystem

@testable import Varve

/// Devices of the kernel's that go, or can only be read any more, under a log that is written.
@Suite(
  .enabled(if: SmallDisk.isMountable, "mounting small file systems takes CAP_SYS_ADMIN"),
  .serialized)
struct DeadDeviceTests {
  enum Fate: CaseIterable {
    /// All fails.
    case gone
    /// The kernel has found an error, and lets nobody write any more.
    case readOnly
  }

  struct Case: CustomTestStringConvertible {
    let disk: SmallDisk
    let fate: Fate
    let writer: LogConfiguration.TailWriter

    var testDescription: String { "\(disk), \(fate), \(writer)" }

    /// It takes ext4 to have it find an error.
    static let all = [SmallDisk.ext4, .xfs].filter { SmallDisk.available.contains($0) }
      .flatMap { disk in
        (disk == .ext4 ? Fate.allCases : [.gone]).flatMap { fate in
          [LogConfiguration.TailWriter.mapped, .positional].map {
            Case(disk: disk, fate: fate, writer: $0)
          }
        }
      }
  }

  private static let syncedCount: Int64 = 300

  private static func record(_ offset: Offset) -> Record {
    let number = offset.rawValue
    return Record(
      key: "\(number)",
      value: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 3000),
      timestamp: .at(1_700_000_000_000 + number))
  }

  private static func append(_ count: Int64, to log: Log) throws {
    for _ in 0..<count { try log.append(record(log.end)) }
  }

  private static func configuration(_ one: Case) -> LogConfiguration {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 512 << 10
    configuration.tailWriter = one.writer
    return configuration
  }

  /// What was told to be durable is there once the device is back; nothing that came later was told to be.
  @Test(arguments: Case.all)
  func whatWasDurableStays(_ one: Case) throws {
    let healthy = try Log.open(at: try Self.directory(), configuration: Self.configuration(one))
    try one.disk.withMount(options: one.disk == .ext4 ? "errors=remount-ro" : "") { directory in
      let world = ManualWorld(fileSystem: PosixFileSystem())
      let log = try world.open(directory + "/log", Self.configuration(one))
      try Self.append(Self.syncedCount, to: log)
      try log.flush()
      #expect(log.durableEnd == Offset(rawValue: Self.syncedCount))
      try Self.append(50, to: log)
      try one.fate.befall(directory)
      // Until a sync or a write meets it, nobody can know.
      let failed = error { try log.flush() }
      #expect(failed?.code == .device || failed?.code == .poisoned)
      let refused = error { try Self.append(1, to: log) }
      #expect(refused?.code == .poisoned)
      #expect(log.durableEnd == Offset(rawValue: Self.syncedCount))
      // Others go on.
      try Self.append(1, to: healthy)
      // Readers get what there is, or are told.
      let unread = error { _ = try log.stored() }
      #expect(unread == nil || unread?.code == .device || unread?.code == .corrupt)
      try? log.close()
    } afterwards: { directory in
      let world = ManualWorld(fileSystem: PosixFileSystem())
      let log = try world.open(directory + "/log", Self.configuration(one))
      #expect(log.end >= Offset(rawValue: Self.syncedCount))
      let expected = (0..<log.end.rawValue).map { Offset(rawValue: $0) }
        .map { StoredRecord($0, Self.record($0)) }
      let found = try log.stored()
      #expect(found == expected)
      try Self.append(10, to: log)
      try log.close()
    }
    #expect(healthy.end == 1)
    try healthy.close()
    try FileManager.default.removeItem(atPath: healthy.directory)
  }

  private static func directory() throws -> String {
    FileManager.default.currentDirectoryPath + "/.build/test-logs/varve-test-" + UUID().uuidString
  }
}

extension DeadDeviceTests.Fate {
  fileprivate func befall(_ directory: String) throws {
    switch self {
    case .gone: try #require(linux_shut_down(directory) == 0)
    case .readOnly:
      let mounts = try String(contentsOfFile: "/proc/thread-self/mounts", encoding: .utf8)
      let line = try #require(
        mounts.split(separator: "\n").first { $0.split(separator: " ")[1] == directory })
      let device = try #require(line.split(separator: " ")[0].split(separator: "/").last)
      let trigger = open("/sys/fs/ext4/\(device)/trigger_fs_error", O_WRONLY)
      try #require(trigger >= 0)
      defer { close(trigger) }
      try #require(write(trigger, "1", 1) == 1)
    }
  }
}
