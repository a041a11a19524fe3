import Foundation
import Testing
import VarveSystem

/// Pipes that pages go through.
@Suite struct PipeTests {
  let directory: TemporaryDirectory
  let file: OpenFile
  let bytes = pattern(300_000)

  init() throws {
    directory = try TemporaryDirectory()
    file = try OpenFile(directory.path("source"), .creating)
    try file.write(bytes, at: 0)
  }

  @Test(arguments: Channel.Kind.allCases)
  func whatIsPutInComesOut(kind: Channel.Kind) throws {
    var pipe = try Pipe(capacity: 256 << 10)
    #expect(pipe.capacity == 256 << 10)
    let channel = try Channel(kind)
    #expect(try pipe.fill(from: file.descriptor, at: 100, count: 20_000) == 20_000)
    #expect(pipe.byteCount == 20_000)
    var received: [UInt8] = []
    while pipe.byteCount > 0 {
      #expect(try (pipe.send(to: channel.target, limit: 7_000) ?? 0) <= 7_000)
      received += try channel.receive()
    }
    while received.count < 20_000 { received += try channel.receive() }
    #expect(received == Array(bytes[100..<20_100]))
    #expect(try pipe.fill(from: file.descriptor, at: bytes.count, count: 1) == 0)
  }

  @Test(arguments: Channel.Kind.allCases)
  func noRoomIsNil(kind: Channel.Kind) throws {
    var pipe = try Pipe(capacity: 256 << 10)
    let channel = try Channel(kind, nonblocking: true)
    while try channel.target.sendfile(from: file.descriptor, at: 0, count: 100_000) != nil {}
    #expect(try pipe.fill(from: file.descriptor, at: 0, count: 10_000) == 10_000)
    #expect(try pipe.send(to: channel.target, limit: 10_000) == nil)
    #expect(pipe.byteCount == 10_000)
  }

  @Test func filesAreCopied() throws {
    let copy = try OpenFile(directory.path("copy"), .creating)
    let target = HostDescriptor(rawValue: copy.descriptor.rawValue)
    #expect(try target.copyRange(from: file.descriptor, at: 100, count: 50_000) == 50_000)
    #expect(try target.copyRange(from: file.descriptor, at: 50_100, count: 1 << 20) == 249_900)
    #expect(try target.copyRange(from: file.descriptor, at: bytes.count, count: 1) == 0)
    #expect(try copy.read(1 << 20, at: 0) == Array(bytes[100...]))
  }

  @Test func filesThatAreAppendedToAreNot() throws {
    let appending = open(directory.path("appended"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
    try #require(appending >= 0)
    defer { close(appending) }
    let target = HostDescriptor(rawValue: appending)
    let error = failure { () throws(SystemError) in
      try target.copyRange(from: file.descriptor, at: 0, count: 1)
    }
    #expect(error == SystemError(.copyRange, .badDescriptor))
  }

  @Test func aPoolKeepsSoManyAndNoneWithBytes() throws {
    let pool = PipePool(limit: 2, capacity: 64 << 10)
    do {
      let first = try pool.take()
      let second = try pool.take()
      let third = try pool.take()
      #expect(pool.idleCount == 0)
      #expect(pool.isExhausted)
      let counts: [Int] = [first.pipe.byteCount, second.pipe.byteCount, third.pipe.byteCount]
      #expect(counts == [0, 0, 0])
    }
    #expect(pool.idleCount == 2)
    #expect(!pool.isExhausted)
    do {
      var loan = try pool.take()
      #expect(try loan.pipe.fill(from: file.descriptor, at: 0, count: 10) == 10)
    }
    #expect(pool.idleCount == 1)
    let next = try pool.take()
    let byteCount = next.pipe.byteCount
    #expect(byteCount == 0)
  }
}
