import CLinuxForTests
import Foundation
import Testing

@testable import Varve

/// A process that may have 256 MiB of memory, what the kernel keeps of its files included, and writes many
/// times as much.
@Suite(.serialized) struct SmallMemoryTests {
  private static let limit = 256 << 20
  /// `make memory` writes more.
  private static let gibibytes =
    ProcessInfo.processInfo.environment["VARVE_MEMORY_GIB"].flatMap { Int($0) } ?? 1

  @Test(arguments: [false, true])
  func aLogLargerThanMemoryIsWritten(isMapped: Bool) async {
    await #expect(processExitsWith: .success) { [isMapped] in
      // AddressSanitizer has a memory of its own, of terabytes.
      guard linux_has_own_memory() == 1 else { return }
      let kind = try MemoryLimit.limitThisProcess(to: Self.limit)
      // Address space is taken by what is mapped, and not by what of it is in memory.
      let count = try await Self.write(
        Self.gibibytes << 30, by: isMapped ? .mapped : .positional,
        segmentByteCount: kind == .addressSpace ? 4 << 20 : 128 << 20)
      print("\(count >> 20) MiB written within \(Self.limit >> 20) MiB of \(kind)")
    }
    MemoryLimit.removeGroups()
  }

  private static func write(
    _ byteCount: Int, by writer: LogConfiguration.TailWriter, segmentByteCount: Int
  ) async throws -> Int {
    let place = Place(medium: .disk, writer: writer)
    return try await place.withDirectory { directory in
      var configuration = LogConfiguration()
      configuration.segmentByteCount = segmentByteCount
      configuration.tailWriter = writer
      configuration.cleaner = .delete(beyondBytes: 512 << 20)
      configuration.cleaningInterval = .milliseconds(200)
      let log = try await Log.open(at: directory, configuration: configuration)
      let record = Record(value: [UInt8](repeating: 7, count: 256 << 10))
      var appended = 0
      while appended < byteCount {
        try log.append(record)
        appended += 256 << 10
      }
      let end = log.end
      try await log.close()
      let opened = try await Log.open(at: directory, configuration: configuration)
      try #require(opened.recovery == nil)
      try #require(opened.end == end)
      try await opened.close()
      return appended
    }
  }
}
