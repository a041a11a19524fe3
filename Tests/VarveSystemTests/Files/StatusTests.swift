import Foundation
import Testing
import VarveSystem

/// What a file system says of its files and of itself.
@Suite struct StatusTests {
  let directory: TemporaryDirectory
  let system = PosixFileSystem()

  init() throws { directory = try TemporaryDirectory() }

  @Test func kinds() throws {
    let path = directory.path("file")
    let file = try OpenFile(path, .writingOrCreating)
    #expect(try file.status().kind == .file)
    #expect(try system.status(at: path) == file.status())
    #expect(try system.status(at: directory.path).kind == .directory)
    #expect(try system.status(at: "/dev/full").kind == .other)
    try FileManager.default.createSymbolicLink(
      atPath: directory.path("link"), withDestinationPath: path)
    #expect(try system.status(at: directory.path("link")) == file.status())
  }

  @Test func statusesOfManyByName() throws {
    let names = try (0..<5).map { number in
      let name = "file-\(number)"
      try OpenFile(directory.path(name), .creating).truncate(to: number * 100)
      return name
    }
    let found = try system.statuses(of: names.reversed(), in: directory.path)
    #expect(found == (try names.reversed().map { try system.status(at: directory.path($0)) }))
    #expect(found.map(\.byteCount) == [400, 300, 200, 100, 0])
    #expect(try system.statuses(of: [], in: directory.path) == [])
    for (names, directory, errno) in [
      (["file-0", "none"], directory.path, Errno.noSuchFile),
      (["file-0"], directory.path("none"), .noSuchFile),
      (["file-0"], directory.path("file-0"), .notDirectory),
    ] {
      #expect {
        _ = try system.statuses(of: names, in: directory)
      } throws: {
        ($0 as? SystemError)?.errno == errno
      }
    }
    // Others open files meanwhile, but not so many.
    let count = try system.list("/proc/self/fd").count
    for _ in 0..<2000 { _ = try? system.statuses(of: ["none"], in: directory.path) }
    #expect(try system.list("/proc/self/fd").count < count + 1000)
  }

  @Test func filesKeepTheirNumberThroughNames() throws {
    let file = try OpenFile(directory.path("one"), .creating)
    let other = try OpenFile(directory.path("other"), .creating)
    let (number, otherNumber) = (try file.status().inode, try other.status().inode)
    #expect(number != otherNumber)
    try system.rename(directory.path("one"), to: directory.path("other"))
    #expect(try system.status(at: directory.path("other")).inode == number)
    #expect(try system.list(directory.path) == ["other"])
    try system.unlink(directory.path("other"))
    #expect(try system.list(directory.path) == [])
    // Whoever has a file open keeps it.
    try other.write([1], at: 0)
    #expect(try other.status().inode == otherNumber)
    #expect(try other.read(1, at: 0) == [1])
  }

  @Test func allocationTakesSpace() throws {
    let file = try OpenFile(directory.path("file"), .creating)
    try file.allocate(0..<0)
    #expect(try file.status().byteCount == 0)
    try file.allocate(0..<1 << 20)
    #expect(try file.status().byteCount == 1 << 20)
    #expect(try file.status().allocatedByteCount >= 1 << 20)
    #expect(try file.read(1 << 20, at: 0).allSatisfy { $0 == 0 })
    try file.truncate(to: 1)
    #expect(try file.status().byteCount == 1)
    #expect(try file.status().allocatedByteCount < 1 << 20)
  }

  @Test(
    arguments: [
      0, 1, 999_999_999, 1_000_000_000, 1_700_000_000_123_456_789,
      // Before 1970, nanoseconds count forward from the second before.
      -1, -1_000_000_000, -1_500_000_000,
    ] as [Int64])
  func timesAreKept(nanoseconds: Int64) throws {
    let file = try OpenFile(directory.path("file"), .creating)
    try system.setModified(file.descriptor, to: nanoseconds)
    #expect(try file.status().modified == nanoseconds)
  }

  /// Nanoseconds in 64 bits end in 2262, and the years of a file system do not.
  @Test func timesBeyondTheRangeAreItsEnds() throws {
    let elsewhere = try TemporaryDirectory.onTmpfs()
    let file = try OpenFile(elsewhere.path("file"), .creating)
    for (seconds, expected) in [
      (9_223_372_036, 9_223_372_036_000_000_000), (9_223_372_037, .max), (20_000_000_000, .max),
      (-9_223_372_036, -9_223_372_036_000_000_000), (-9_223_372_038, .min),
      (-20_000_000_000, .min),
    ] as [(Int, Int64)] {
      let time = timespec(tv_sec: seconds, tv_nsec: 0)
      try #require(futimens(file.descriptor.rawValue, [time, time]) == 0)
      #expect(try file.status().modified == expected, "\(seconds)")
    }
  }

  @Test func syncsSucceed() throws {
    let file = try OpenFile(directory.path("file"), .creating)
    try file.write(pattern(5_000), at: 0)
    try file.syncData()
    try file.syncAll()
    try system.syncDirectory(directory.path)
    #expect(try file.read(10_000, at: 0) == pattern(5_000))
  }

  @Test func namesAreListed() throws {
    #expect(try system.list(directory.path) == [])
    let names = (0..<500).map { "00000000000000000\($0).log" } + [".hidden", "ä", "a b"]
    for name in names { _ = try OpenFile(directory.path(name), .creating) }
    try system.makeDirectory(directory.path("folder"))
    #expect(try system.list(directory.path).sorted() == (names + ["folder"]).sorted())
  }

  @Test func spaceIsThatOfTheFileSystem() throws {
    var expected = statvfs()
    try #require(statvfs(directory.path, &expected) == 0)
    let space = try system.space(at: directory.path)
    #expect(space.totalByteCount == Int(expected.f_blocks) * Int(expected.f_frsize))
    #expect(space.freeByteCount > 0)
    #expect(space.freeByteCount <= space.totalByteCount)
    let inMemory = try system.space(at: "/dev/shm").kind
    #expect(inMemory == .tmpfs)
    #expect(inMemory.keepsAllocations)
    #expect(try !system.space(at: "/proc").kind.keepsAllocations)
  }

  @Test func descriptorsAreTheKernels() throws {
    #expect(system.hasKernelDescriptors)
    let file = try OpenFile(directory.path("file"), .creating)
    // Not for what the host starts.
    #expect(fcntl(file.descriptor.rawValue, F_GETFD) == FD_CLOEXEC)
  }

  @Test func filesAreClosedWithTheLastReference() throws {
    var file: OpenFile? = try OpenFile(directory.path("a-file-to-close"), .creating)
    let number = try #require(file?.descriptor.rawValue)
    let link = "/proc/self/fd/\(number)"
    let path = try FileManager.default.destinationOfSymbolicLink(atPath: link)
    #expect(path.hasSuffix("/a-file-to-close"))
    withExtendedLifetime(file) {}
    file = nil
    // The number may be another's by now.
    let after = try? FileManager.default.destinationOfSymbolicLink(atPath: link)
    #expect(after?.hasSuffix("/a-file-to-close") != true)
  }
}
