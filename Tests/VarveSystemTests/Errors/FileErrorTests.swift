import CLinuxForTests
import Glibc
import Testing
import VarveSystem

/// What calls that take a descriptor throw, from the kernel itself.
@Suite struct FileErrorTests {
  let directory: TemporaryDirectory
  let system = PosixFileSystem()

  init() throws { directory = try TemporaryDirectory() }

  private func errors(of descriptor: Descriptor) -> [SystemError?] {
    var bytes: [UInt8] = [1]
    return bytes.withUnsafeMutableBytes { memory in
      let reading = UnsafeRawBufferPointer(memory)
      return [
        failure { () throws(SystemError) in try system.status(of: descriptor) },
        failure { () throws(SystemError) in try system.read(descriptor, into: memory, at: 0) },
        failure { () throws(SystemError) in
          try system.readResident(descriptor, into: memory, at: 0)
        },
        failure { () throws(SystemError) in try system.write(descriptor, from: reading, at: 0) },
        failure { () throws(SystemError) in try system.allocate(descriptor, 0..<1) },
        failure { () throws(SystemError) in try system.truncate(descriptor, to: 0) },
        failure { () throws(SystemError) in try system.syncData(descriptor) },
        failure { () throws(SystemError) in try system.syncAll(descriptor) },
        failure { () throws(SystemError) in try system.setModified(descriptor, to: 0) },
        failure { () throws(SystemError) in try system.map(descriptor, byteCount: 4096) },
        failure { () throws(SystemError) in try system.lock(descriptor) },
        failure { () throws(SystemError) in try system.lockOwner(descriptor) },
      ]
    }
  }

  private let calls: [SystemCall] = [
    .status, .read, .readResident, .write, .allocate, .truncate, .syncData, .syncAll,
    .setModified, .map, .lock, .lockOwner,
  ]

  /// No process gets that many descriptors: the kernel's own limit is lower.
  @Test(arguments: [Int32.max, -1]) func noDescriptor(number: Int32) {
    let descriptor = Descriptor(rawValue: number)
    let expected = calls.map { SystemError($0, .badDescriptor) }
    #expect(errors(of: descriptor) == expected)
    // Says nothing, and closes nothing.
    system.close(descriptor)
  }

  /// What needs a descriptor that may write, says so.
  @Test func readingOnly() throws {
    let path = directory.path("file")
    try OpenFile(path, .creating).write([1], at: 0)
    let file = try OpenFile(path, .reading)
    #expect(
      errors(of: file.descriptor) == [
        nil, nil, nil, SystemError(.write, .badDescriptor), SystemError(.allocate, .badDescriptor),
        SystemError(.truncate, .invalid), nil, nil, nil, SystemError(.map, .accessDenied),
        SystemError(.lock, .badDescriptor), nil,
      ])
  }

  /// A pipe has no positions.
  @Test func pipes() throws {
    let channel = try Channel(.pipe)
    let found = errors(of: Descriptor(rawValue: channel.target.rawValue))
    #expect(found[3] == SystemError(.write, Errno(rawValue: ESPIPE)))
    #expect(found[4] == SystemError(.allocate, Errno(rawValue: ESPIPE)))
    #expect(found[5] == SystemError(.truncate, .invalid))
    #expect(found[6] == SystemError(.syncData, .invalid))
    #expect(found[7] == SystemError(.syncAll, .invalid))
    #expect(found[9] == SystemError(.map, .accessDenied))
    let other = errors(of: Descriptor(rawValue: channel.peer))
    #expect(other[1] == SystemError(.read, Errno(rawValue: ESPIPE)))
    #expect(other[2] == SystemError(.readResident, Errno(rawValue: ESPIPE)))
  }

  @Test func invalidArguments() throws {
    let file = try OpenFile(directory.path("file"), .creating)
    #expect(throws: SystemError(.read, .invalid)) { try file.read(1, at: -1) }
    #expect(throws: SystemError(.readResident, .invalid)) { try file.readResident(1, at: -1) }
    #expect(throws: SystemError(.write, .invalid)) { try file.write([1], at: -1) }
    #expect(throws: SystemError(.allocate, .invalid)) { try file.allocate(-1..<1) }
    #expect(throws: SystemError(.truncate, .invalid)) { try file.truncate(to: -1) }
    #expect(throws: SystemError(.map, .invalid)) { try file.map(byteCount: 0) }
    #expect(try file.status().byteCount == 0)
  }

  /// A tmpfs would take them all.
  @Test(.enabled(if: TemporaryDirectory.isOnADevice, TemporaryDirectory.isInMemory))
  func tooFar() throws {
    let file = try OpenFile(directory.path("file"), .creating)
    // Beyond what a file system of a device holds.
    let far = 1 << 62
    #expect(throws: SystemError(.write, .fileTooLarge)) { try file.write([1], at: far) }
    #expect(throws: SystemError(.truncate, .fileTooLarge)) { try file.truncate(to: far) }
    #expect(throws: SystemError(.allocate, .fileTooLarge)) { try file.allocate(far..<far + 1) }
    #expect(try file.read(1, at: far).isEmpty)
    // The addresses of a process end before.
    #expect(throws: SystemError(.map, .noMemory)) { try file.map(byteCount: far) }
    #expect(try file.status().byteCount == 0)
  }

  /// The limit that a host may set on itself comes with SIGXFSZ, which our own threads block.
  @Test func beyondTheProcessLimit() async {
    await #expect(processExitsWith: .success) {
      let directory = try TemporaryDirectory()
      let file = try OpenFile(directory.path("file"), .creating)
      try #require(linux_default(SIGXFSZ, 0) == 0)
      try #require(linux_limit_file_size(4096) == 0)
      let errors = Lock<[SystemError?]>([])
      let thread = try OwnedThread(named: "varve-limit") {
        let found = [
          failure { () throws(SystemError) in try file.write([1], at: 4096) },
          failure { () throws(SystemError) in try file.truncate(to: 4097) },
          failure { () throws(SystemError) in try file.allocate(0..<4097) },
        ]
        errors.withLock { $0 = found }
      }
      thread.join()
      let expected = [SystemCall.write, .truncate, .allocate].map {
        SystemError($0, .fileTooLarge)
      }
      try #require(errors.withLock { $0 } == expected)
      try #require(try file.status().byteCount == 0)
    }
  }

  @Test func fullDevices() throws {
    let full = try OpenFile("/dev/full", .writing)
    #expect(throws: SystemError(.write, .noSpace)) { try full.write([1], at: 0) }
    #expect(throws: SystemError(.allocate, .deviceGone)) { try full.allocate(0..<1) }
    #expect(throws: SystemError(.map, .deviceGone)) { try full.map(byteCount: 4096) }
  }

  @Test(.enabled(if: PrivateMount.isAllowed, PrivateMount.refusal))
  func fullFileSystems() throws {
    try PrivateMount.withTmpfs("size=1m,nr_inodes=4") { directory in
      let system = PosixFileSystem()
      let space = try system.space(at: directory.path)
      #expect(space.kind == .tmpfs)
      #expect(space.totalByteCount == 1 << 20)
      #expect(space.freeByteCount == 1 << 20)

      let file = try OpenFile(directory.path("file"), .creating)
      #expect(throws: SystemError(.allocate, .noSpace)) { try file.allocate(0..<1 << 21) }
      // tmpfs gives back what it had reserved until then.
      #expect(try file.status().allocatedByteCount == 0)
      // What fits is written before the rest does not.
      #expect(throws: SystemError(.write, .noSpace)) { try file.write(pattern(1 << 21), at: 0) }
      #expect(try file.status().byteCount == 1 << 20)
      #expect(try file.read(1 << 21, at: 0) == pattern(1 << 20))
      #expect(try system.space(at: directory.path).freeByteCount == 0)

      _ = try OpenFile(directory.path("second"), .creating)
      _ = try OpenFile(directory.path("third"), .creating)
      #expect(throws: SystemError(.open, .noSpace)) {
        try OpenFile(directory.path("fourth"), .creating)
      }
      #expect(throws: SystemError(.makeDirectory, .noSpace)) {
        try system.makeDirectory(directory.path("directory"))
      }
    }
  }

  @Test(.enabled(if: PrivateMount.isAllowed, PrivateMount.refusal))
  func readOnlyFileSystems() throws {
    try PrivateMount.withTmpfs("size=1m") { directory in
      let system = PosixFileSystem()
      let path = directory.path("file")
      _ = try OpenFile(path, .creating)
      try #require(linux_make_read_only(directory.path) == 0)
      let file = try OpenFile(path, .reading)
      #expect(
        [
          failure { () throws(SystemError) in try system.open(path, .writing) },
          failure { () throws(SystemError) in try system.open(path + "2", .creating) },
          failure { () throws(SystemError) in try system.makeDirectory(path + "2") },
          failure { () throws(SystemError) in try system.rename(path, to: path + "2") },
          failure { () throws(SystemError) in try system.unlink(path) },
          failure { () throws(SystemError) in try system.setModified(file.descriptor, to: 0) },
        ]
          == [SystemCall.open, .open, .makeDirectory, .rename, .unlink, .setModified].map {
            SystemError($0, .readOnly)
          })
    }
  }
}
