import Foundation
import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Files that are read and written whole.
@Suite struct SmallFileTests {
  private static let old = [UInt8](repeating: 1, count: 5000)
  private static let new = [UInt8](repeating: 2, count: 9000)

  // MARK: In real directories

  private let real = PosixFileSystem()

  /// Calls `body` with a file that is not there yet, in a directory that is.
  private func withFile(
    _ medium: Place.Medium, _ body: (SmallFile, String) throws -> Void
  ) async throws {
    try await Place(medium: medium, writer: .positional).withDirectory { directory in
      try real.makeDirectory(directory)
      try body(SmallFile(path: directory + "/checkpoint", fileSystem: real), directory)
    }
  }

  private func expectReplaced(_ file: SmallFile, in directory: String) throws {
    #expect(try file.read(limit: 10) == nil)
    for bytes in [[], Self.new, Self.old, [3]] {
      try file.write(bytes)
      #expect(try file.read(limit: 9000) == bytes)
      #expect(try real.list(directory) == ["checkpoint"])
    }
    // What a crash has left is longer than what is written next.
    try Data(Self.new).write(to: URL(filePath: file.temporaryPath))
    try file.write(Self.old)
    #expect(try file.read(limit: 5000) == Self.old)
    #expect(try real.list(directory) == ["checkpoint"])
  }

  @Test(arguments: Place.Medium.allCases)
  func aFileIsReplacedWhole(medium: Place.Medium) async throws {
    try await withFile(medium) { try expectReplaced($0, in: $1) }
  }

  private func expectRefused(_ file: SmallFile) throws {
    try file.write(Self.old)
    #expect(try file.read(limit: 5000)?.count == 5000)
    let refusal = error { try file.read(limit: 4999) }
    #expect(refusal?.code == .unsupported)
    #expect(refusal?.message.contains("checkpoint") == true)
  }

  @Test func whatIsTooLongIsNotRead() async throws {
    try await withFile(.memory) { file, _ in try expectRefused(file) }
  }

  @Test func aDirectoryThatIsNotThere() throws {
    let file = SmallFile(path: "/nonexistent/varve/checkpoint", fileSystem: real)
    #expect(try file.read(limit: 10) == nil)
    let refusal = error { try file.write([1]) }
    #expect(refusal?.systemCall?.errno == Errno.noSuchFile.rawValue)
  }

  // MARK: On a disk that fails

  private func disk(holding bytes: [UInt8]?) throws -> (SimulatedFileSystem, SmallFile) {
    let disk = SimulatedFileSystem()
    try disk.makeDirectory("/log")
    let file = SmallFile(path: "/log/checkpoint", fileSystem: disk)
    if let bytes { try file.write(bytes) }
    return (disk, file)
  }

  /// Whichever call fails, of writes some part may be done, and the file is the old one or the new
  /// one; nothing is left beside it, and the next time it is written as ever.
  @Test(
    arguments: [Errno.inputOutput, .noSpace, .readOnly, .accessDenied, .tooManyFiles],
    [old, nil])
  func anyCallMayFail(errno: Errno, before: [UInt8]?) throws {
    var number = 0
    var failures: [SystemCall: Int] = [:]
    while true {
      number += 1
      let (disk, file) = try disk(holding: before)
      let start = disk.operationCount
      disk.faults = .failing(number: number, with: errno)
      let failure = error { try file.write(Self.new) }
      let count = disk.operationCount - start
      disk.faults = .none
      #expect(disk.openDescriptorCount == 0)
      let found = try file.read(limit: 9000)
      guard let failure else {
        // The fault was of a call that never came.
        #expect(found == Self.new && count < number)
        break
      }
      #expect(failure.code == errno.code && failure.message.contains("/log/checkpoint"))
      let call = failure.systemCall?.name ?? ""
      failures[try #require(SystemCall(rawValue: call)), default: 0] += 1
      // Only the last step comes after the new name.
      #expect(found == (call == SystemCall.syncDirectory.rawValue ? Self.new : before))
      #expect(try disk.list("/log") == (found == nil ? [] : ["checkpoint"]))
      try file.write(Self.old)
      #expect(try file.read(limit: 9000) == Self.old)
    }
    #expect(
      failures == [.open: 1, .truncate: 1, .write: 1, .syncData: 1, .rename: 1, .syncDirectory: 1])
  }

  @Test func aFullDiskKeepsTheOldOne() throws {
    let (disk, file) = try disk(holding: Self.old)
    disk.faults = .full(at: disk.usedByteCount + 4096)
    #expect(error { try file.write(Self.new) }?.code == .full)
    #expect(try file.read(limit: 9000) == Self.old)
    #expect(try disk.list("/log") == ["checkpoint"])
    // Its space was given back.
    disk.faults = .none
    try file.write(Self.new)
    #expect(try file.read(limit: 9000) == Self.new)
  }

  @Test(arguments: [SystemCall.open, .status, .read])
  func readingMayFail(call: SystemCall) throws {
    let (disk, file) = try disk(holding: Self.old)
    disk.faults = .failing(call, on: "checkpoint", with: .inputOutput)
    let refusal = error { try file.read(limit: 9000) }
    #expect(refusal?.code == .device && refusal?.systemCall?.name == call.rawValue)
    #expect(disk.openDescriptorCount == 0)
  }

  @Test func inTheRoot() throws {
    let disk = SimulatedFileSystem()
    let file = SmallFile(path: "/checkpoint", fileSystem: disk)
    try file.write(Self.new)
    #expect(disk.unsyncedNameCount == 0)
    #expect(try file.read(limit: 9000) == Self.new)
  }
}
