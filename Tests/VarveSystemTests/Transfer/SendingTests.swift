import Glibc
import Testing
import VarveSystem

/// Bytes to descriptors that are real.
@Suite struct SendingTests {
  let directory: TemporaryDirectory
  let file: OpenFile
  let bytes = pattern(10_000)

  init() throws {
    directory = try TemporaryDirectory()
    file = try OpenFile(directory.path("source"), .creating)
    try file.write(bytes, at: 0)
  }

  @Test(arguments: Channel.Kind.allCases)
  func sendfileSendsFromAPosition(kind: Channel.Kind) throws {
    let channel = try Channel(kind)
    #expect(try channel.target.sendfile(from: file.descriptor, at: 1_000, count: 2_000) == 2_000)
    #expect(try channel.receive() == Array(bytes[1_000..<3_000]))
  }

  @Test(arguments: Channel.Kind.allCases)
  func sendfileEndsWithTheFile(kind: Channel.Kind) throws {
    let channel = try Channel(kind)
    #expect(try channel.target.sendfile(from: file.descriptor, at: 9_000, count: 5_000) == 1_000)
    #expect(try channel.receive() == Array(bytes[9_000...]))
    #expect(try channel.target.sendfile(from: file.descriptor, at: 10_000, count: 1) == 0)
    #expect(try channel.target.sendfile(from: file.descriptor, at: 1 << 33, count: 1) == 0)
    #expect(try channel.target.sendfile(from: file.descriptor, at: 0, count: 0) == 0)
  }

  @Test func sendfileWritesFilesAtTheirOwnPosition() throws {
    let copy = try OpenFile(directory.path("copy"), .creating)
    let target = HostDescriptor(rawValue: copy.descriptor.rawValue)
    #expect(try target.sendfile(from: file.descriptor, at: 0, count: 6_000) == 6_000)
    #expect(try target.sendfile(from: file.descriptor, at: 6_000, count: 6_000) == 4_000)
    #expect(try copy.read(20_000, at: 0) == bytes)
  }

  /// Of positions beyond 4 GiB, no bit is lost on the way.
  @Test func sendfileReachesFar() throws {
    try file.write([1, 2, 3], at: 1 << 33 | 1)
    let channel = try Channel(.socketPair)
    #expect(try channel.target.sendfile(from: file.descriptor, at: 1 << 33 | 1, count: 9) == 3)
    #expect(try channel.receive() == [1, 2, 3])
  }

  @Test(arguments: Channel.Kind.allCases)
  func sendSendsMemory(kind: Channel.Kind) throws {
    let channel = try Channel(kind)
    #expect(try channel.target.send(bytes) == bytes.count)
    var received: [UInt8] = []
    while received.count < bytes.count { received += try channel.receive() }
    #expect(received == bytes)
  }

  @Test func sendWritesFiles() throws {
    let copy = try OpenFile(directory.path("copy"), .creating)
    let target = HostDescriptor(rawValue: copy.descriptor.rawValue)
    #expect(try target.send(bytes) == bytes.count)
    #expect(try copy.read(20_000, at: 0) == bytes)
  }

  @Test(arguments: Channel.Kind.allCases)
  func sendOfNothingSendsNothing(kind: Channel.Kind) throws {
    let channel = try Channel(kind)
    #expect(try channel.target.send(UnsafeRawBufferPointer(start: nil, count: 0)) == 0)
  }

  @Test func whatCannotBeSentIsThrown() throws {
    let nobody = HostDescriptor(rawValue: .max)
    let channel = try Channel(.pipe)
    let reading = HostDescriptor(rawValue: channel.peer)
    let source = file.descriptor
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    #expect(
      failure { () throws(SystemError) in try nobody.sendfile(from: source, at: 0, count: 1) }
        == SystemError(.sendfile, .badDescriptor))
    #expect(
      failure { () throws(SystemError) in
        try channel.target.sendfile(from: Descriptor(rawValue: .max), at: 0, count: 1)
      } == SystemError(.sendfile, .badDescriptor))
    #expect(
      failure { () throws(SystemError) in
        try channel.target.sendfile(from: source, at: -1, count: 1)
      } == SystemError(.sendfile, .invalid))
    #expect(
      failure { () throws(SystemError) in try nobody.send(nothing) }
        == SystemError(.send, .badDescriptor))
    // The end of a pipe that only gives.
    #expect(
      failure { () throws(SystemError) in try reading.send(nothing) }
        == SystemError(.send, .badDescriptor))
  }

  /// sendfile cannot append, and says so; who wants to append sends from memory.
  @Test func sendfileDoesNotAppend() throws {
    let path = directory.path("appended")
    let appending = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    try #require(appending >= 0)
    defer { close(appending) }
    let target = HostDescriptor(rawValue: appending)
    let source = file.descriptor
    #expect(
      failure { () throws(SystemError) in try target.sendfile(from: source, at: 0, count: 1) }
        == SystemError(.sendfile, .invalid))
    #expect(try target.send(bytes) == bytes.count)
  }

  @Test func sendThrowsWhatADeviceSays() throws {
    let full = try OpenFile("/dev/full", .writing)
    let target = HostDescriptor(rawValue: full.descriptor.rawValue)
    let error = failure { () throws(SystemError) in try target.send(bytes) }
    #expect(error == SystemError(.send, .noSpace))
  }
}
