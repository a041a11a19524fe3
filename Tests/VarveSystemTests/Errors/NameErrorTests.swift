import Foundation
import Testing
import VarveSystem

/// What calls that take a name throw, from the kernel itself.
@Suite struct NameErrorTests {
  let directory: TemporaryDirectory
  let system = PosixFileSystem()

  init() throws { directory = try TemporaryDirectory() }

  /// Every call that takes the name of something that must be there.
  private func errors(of path: String, or newPath: String) -> [SystemError?] {
    [
      failure { () throws(SystemError) in try system.open(path, .reading) },
      failure { () throws(SystemError) in try system.open(path, .writing) },
      failure { () throws(SystemError) in try system.status(at: path) },
      failure { () throws(SystemError) in try system.space(at: path) },
      failure { () throws(SystemError) in try system.list(path) },
      failure { () throws(SystemError) in try system.syncDirectory(path) },
      failure { () throws(SystemError) in try system.rename(path, to: newPath) },
      failure { () throws(SystemError) in try system.unlink(path) },
    ]
  }

  private let calls: [SystemCall] = [
    .open, .open, .status, .space, .list, .syncDirectory, .rename, .unlink,
  ]

  /// Every call that makes a name.
  private func creationErrors(of path: String, from old: String) -> [SystemError?] {
    [
      failure { () throws(SystemError) in try system.open(path, .creating) },
      failure { () throws(SystemError) in try system.open(path, .writingOrCreating) },
      failure { () throws(SystemError) in try system.makeDirectory(path) },
      failure { () throws(SystemError) in try system.rename(old, to: path) },
    ]
  }

  private let creationCalls: [SystemCall] = [.open, .open, .makeDirectory, .rename]

  private func all(_ calls: [SystemCall], _ errno: Errno) -> [SystemError?] {
    calls.map { SystemError($0, errno) }
  }

  @Test func missing() throws {
    let path = directory.path("missing")
    #expect(errors(of: path, or: path + "2") == all(calls, .noSuchFile))
    #expect(errors(of: "", or: path) == all(calls, .noSuchFile))
    let file = try OpenFile(directory.path("file"), .creating)
    #expect(
      creationErrors(of: path + "/name", from: directory.path("file"))
        == all(creationCalls, .noSuchFile))
    #expect(try file.status().byteCount == 0)
  }

  @Test func there() throws {
    let path = directory.path("file")
    let file = try OpenFile(path, .creating)
    #expect(
      failure { () throws(SystemError) in try system.open(path, .creating) }
        == SystemError(.open, .exists))
    #expect(
      failure { () throws(SystemError) in try system.makeDirectory(path) }
        == SystemError(.makeDirectory, .exists))
    #expect(try system.status(at: path).inode == file.status().inode)
  }

  @Test func throughAFile() throws {
    let file = directory.path("file")
    _ = try OpenFile(file, .creating)
    let path = file + "/name"
    #expect(errors(of: path, or: path) == all(calls, .notDirectory))
    #expect(creationErrors(of: path, from: file) == all(creationCalls, .notDirectory))
    #expect(
      failure { () throws(SystemError) in try system.list(file) }
        == SystemError(.list, .notDirectory))
    #expect(
      failure { () throws(SystemError) in try system.syncDirectory(file) }
        == SystemError(.syncDirectory, .notDirectory))
  }

  /// A directory can be opened to read, and then says at the first byte what it is.
  @Test func directories() throws {
    let path = directory.path("directory")
    try system.makeDirectory(path)
    for mode in [OpenMode.writing, .writingOrCreating] {
      #expect(
        failure { () throws(SystemError) in try system.open(path, mode) }
          == SystemError(.open, .isDirectory))
    }
    #expect(
      failure { () throws(SystemError) in try system.open(path, .creating) }
        == SystemError(.open, .exists))
    #expect(
      failure { () throws(SystemError) in try system.unlink(path) }
        == SystemError(.unlink, .isDirectory))
    let file = directory.path("file")
    _ = try OpenFile(file, .creating)
    #expect(
      failure { () throws(SystemError) in try system.rename(file, to: path) }
        == SystemError(.rename, .isDirectory))
    #expect(
      failure { () throws(SystemError) in try system.rename(path, to: file) }
        == SystemError(.rename, .notDirectory))

    let opened = try OpenFile(path, .reading)
    #expect(try opened.status().kind == .directory)
    #expect(throws: SystemError(.read, .isDirectory)) { try opened.read(1, at: 0) }
    // Not known to be in memory: whoever then reads and waits is told.
    #expect(try opened.readResident(1, at: 0) == nil)
  }

  @Test func fullDirectories() throws {
    let (one, other) = (directory.path("one"), directory.path("other"))
    try system.makeDirectory(one)
    try system.makeDirectory(other)
    _ = try OpenFile(other + "/file", .creating)
    #expect(
      failure { () throws(SystemError) in try system.rename(one, to: other) }
        == SystemError(.rename, .notEmpty))
  }

  @Test func longNames() throws {
    _ = try OpenFile(directory.path("file"), .creating)
    for path in [
      directory.path(String(repeating: "n", count: 256)),
      directory.path(String(repeating: "n/", count: 2048)),
    ] {
      #expect(errors(of: path, or: path) == all(calls, .nameTooLong))
      #expect(
        creationErrors(of: path, from: directory.path("file"))
          == all(creationCalls, .nameTooLong))
    }
    let longest = try OpenFile(directory.path(String(repeating: "n", count: 255)), .creating)
    #expect(try longest.status().kind == .file)
  }

  @Test func circles() throws {
    let (one, other) = (directory.path("one"), directory.path("other"))
    try FileManager.default.createSymbolicLink(atPath: one, withDestinationPath: other)
    try FileManager.default.createSymbolicLink(atPath: other, withDestinationPath: one)
    _ = try OpenFile(directory.path("file"), .creating)
    #expect(errors(of: one + "/name", or: one + "/name") == all(calls, .loop))
    #expect(
      creationErrors(of: one + "/name", from: directory.path("file"))
        == all(creationCalls, .loop))
    // A link in the last place is followed by all that open, and is a name itself for the rest.
    #expect(
      failure { () throws(SystemError) in try system.open(one, .reading) }
        == SystemError(.open, .loop))
    try system.unlink(one)
    #expect(try system.list(directory.path).sorted() == ["file", "other"])
  }

  @Test(.enabled(if: TemporaryDirectory.isOnADevice, TemporaryDirectory.isInMemory))
  func otherFileSystems() throws {
    let elsewhere = try TemporaryDirectory.onTmpfs()
    let device = try system.status(at: elsewhere.path).device
    try #require(try system.status(at: directory.path).device != device)
    let path = directory.path("file")
    _ = try OpenFile(path, .creating)
    #expect(
      failure { () throws(SystemError) in try system.rename(path, to: elsewhere.path("file")) }
        == SystemError(.rename, .otherDevice))
    #expect(try system.list(directory.path) == ["file"])
  }

  @Test func whatOthersMayNotReach() throws {
    let path = directory.path("locked")
    try system.makeDirectory(path)
    let file = path + "/file"
    _ = try OpenFile(file, .creating)
    try #require(chmod(path, 0) == 0)
    defer { chmod(path, 0o700) }
    let found = try asNobody {
      let system = PosixFileSystem()
      return [
        failure { () throws(SystemError) in try system.open(file, .reading) },
        failure { () throws(SystemError) in try system.open(path + "/new", .creating) },
        failure { () throws(SystemError) in try system.list(path) },
        failure { () throws(SystemError) in try system.rename(file, to: file + "2") },
        failure { () throws(SystemError) in try system.unlink(file) },
      ]
    }
    #expect(found == all([.open, .open, .list, .rename, .unlink], .accessDenied))
  }
}
