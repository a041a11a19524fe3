import Glibc
import Testing
import VarveSystem

/// Descriptors that take no more.
@Suite struct FullChannelTests {
  let directory: TemporaryDirectory
  let file: OpenFile
  let bytes = pattern(1 << 20)

  init() throws {
    directory = try TemporaryDirectory()
    file = try OpenFile(directory.path("source"), .creating)
    try file.write(bytes, at: 0)
  }

  /// Sends the file again and again until nothing fits.
  private func fill(_ channel: Channel) throws -> Int {
    var count = 0
    while let done = try channel.target.sendfile(
      from: file.descriptor, at: count % bytes.count, count: bytes.count - count % bytes.count)
    {
      count += done
    }
    return count
  }

  @Test(arguments: Channel.Kind.allCases)
  func noRoomIsNil(kind: Channel.Kind) throws {
    let channel = try Channel(kind, nonblocking: true)
    let count = try fill(channel)
    #expect(count > 0)
    #expect(try channel.target.sendfile(from: file.descriptor, at: 0, count: 1 << 20) == nil)
    #expect(try channel.target.send(bytes) == nil)
    #expect(try !channel.target.waitUntilWritable(milliseconds: 0))

    // Nothing was lost or doubled on the way.
    var received: [UInt8] = []
    while received.count < count { received += try channel.receive(1 << 20) }
    #expect(received.count == count)
    let sent = Array(bytes.repeated(count / bytes.count + 1).prefix(count))
    let isIntact = received == sent
    #expect(isIntact)

    #expect(try channel.target.waitUntilWritable(milliseconds: nil))
    #expect(try channel.target.sendfile(from: file.descriptor, at: 0, count: 1) == 1)
  }

  private func pass(
    _ header: [UInt8], to channel: Channel
  ) -> (sentByteCount: Int, tookNoMore: Bool) {
    header.withUnsafeBytes { header in
      channel.target.pass(10_000, behind: header, from: file.descriptor, at: 0, bySplice: false)
    }
  }

  @Test(arguments: Channel.Kind.allCases)
  func thatThereIsNoRoomIsTold(kind: Channel.Kind) throws {
    let channel = try Channel(kind, nonblocking: true)
    #expect(pass([1, 2, 3], to: channel) == (10_003, false))
    _ = try fill(channel)
    #expect(pass([1, 2, 3], to: channel) == (0, true))
    #expect(pass([], to: channel) == (0, true))
    // That nobody is there is said otherwise.
    channel.closePeer()
    #expect(pass([1, 2, 3], to: channel) == (0, false))
  }

  /// Room for a header, and no more.
  @Test func whatWentOutBeforeThereWasNoRoomIsTold() throws {
    let channel = try Channel(.pipe, nonblocking: true)
    let page = Array(bytes[..<4_096])
    while try channel.target.send(page) != nil {}
    _ = try channel.receive(page.count)
    #expect(pass(page, to: channel) == (page.count, true))
  }

  @Test(arguments: Channel.Kind.allCases)
  func aWakeEndsTheWait(kind: Channel.Kind) throws {
    let channel = try Channel(kind, nonblocking: true)
    let wake = try Channel(.pipe)
    _ = try fill(channel)
    let waking = Descriptor(rawValue: wake.peer)
    #expect(try !channel.target.waitUntilWritable(orReadable: waking, milliseconds: 0))
    #expect(try wake.target.send([1]) != nil)
    #expect(try !channel.target.waitUntilWritable(orReadable: waking, milliseconds: nil))
  }

  @Test(arguments: Channel.Kind.allCases)
  func roomEndsTheWaitOfAnotherThread(kind: Channel.Kind) throws {
    let channel = try Channel(kind, nonblocking: true)
    let count = try fill(channel)
    let answer = Lock<Bool?>(nil)
    let thread = try RunningThread {
      let isReady = try? channel.target.waitUntilWritable(milliseconds: nil)
      answer.withLock { $0 = isReady }
    }
    try thread.waitUntilItSleeps()
    var received = 0
    while received < count { received += try channel.receive(1 << 20).count }
    thread.join()
    #expect(answer.withLock { $0 } == true)
  }

  /// Whoever waits for a broken descriptor would wait for ever: it is ready, and sending throws.
  @Test(arguments: Channel.Kind.allCases)
  func aBrokenDescriptorIsReady(kind: Channel.Kind) throws {
    let channel = try Channel(kind, nonblocking: true)
    _ = try fill(channel)
    channel.closePeer()
    #expect(try channel.target.waitUntilWritable(milliseconds: nil))
    #expect(try HostDescriptor(rawValue: .max).waitUntilWritable(milliseconds: nil))
  }

  @Test(arguments: Channel.Kind.allCases, [false, true])
  func flagsAreTold(kind: Channel.Kind, isNonblocking: Bool) throws {
    let channel = try Channel(kind, nonblocking: isNonblocking)
    #expect(try channel.target.isNonblocking() == isNonblocking)
    #expect(try channel.target.isSocket() == (kind != .pipe))
  }

  @Test func flagsOfNoDescriptorAreThrown() {
    let nobody = HostDescriptor(rawValue: .max)
    #expect(
      failure { () throws(SystemError) in try nobody.isNonblocking() }
        == SystemError(.flags, .badDescriptor))
    #expect(
      failure { () throws(SystemError) in try nobody.isSocket() }
        == SystemError(.status, .badDescriptor))
  }
}
