import Glibc
import Testing
import VarveSystem

/// Waiting for many descriptors at once, and what is found then.
@Suite struct PollSetTests {
  private func fill(_ channel: Channel) throws {
    let bytes = [UInt8](repeating: 7, count: 1 << 16)
    while try channel.target.send(bytes) != nil {}
  }

  @Test(arguments: Channel.Kind.allCases)
  func thoseWithRoomAreReady(kind: Channel.Kind) throws {
    let channels = try (0..<4).map { _ in try Channel(kind, nonblocking: true) }
    try fill(channels[1])
    try fill(channels[3])
    var set = PollSet()
    for channel in channels { set.add(writable: channel.target) }
    try set.wait(milliseconds: nil)
    #expect((0..<4).map { set.isReady($0) } == [true, false, true, false])

    set.removeAll()
    set.add(writable: channels[3].target)
    try set.wait(milliseconds: 0)
    #expect(!set.isReady(0))
    channels[3].closePeer()
    // Broken is ready: sending says what is wrong.
    try set.wait(milliseconds: nil)
    #expect(set.isReady(0))
  }

  @Test func whatIsNotOpenIsReady() throws {
    var set = PollSet()
    set.add(writable: HostDescriptor(rawValue: 1 << 30))
    try set.wait(milliseconds: nil)
    #expect(set.isReady(0))
  }

  @Test func whatIsFoundHasAMeaning() {
    let meanings: [PollFinding.Meaning] = [
      0, POLLOUT, POLLHUP, POLLNVAL, POLLERR, POLLERR | POLLHUP,
    ]
    .map { PollFinding(bits: Int16($0)).meaning }
    #expect(meanings == [.nothing, .goOn, .goOn, .goOn, .errorOrNews, .goOn])
  }

  @Test(arguments: Channel.Kind.allCases)
  func whoHasRoomOrIsBrokenIsNotWaitedFor(kind: Channel.Kind) throws {
    let channel = try Channel(kind, nonblocking: true)
    #expect(try channel.takes())
    try fill(channel)
    #expect(try !channel.takes())
    channel.closePeer()
    #expect(try channel.takes())
  }

  /// What has left is told by the error queue, and is no error.
  @Test func newsAreNoRoom() throws {
    let channel = try Channel(.tcp, nonblocking: true)
    var flags: Int32 = 1 << 1 | 1 << 4
    let length = socklen_t(MemoryLayout<Int32>.size)
    try #require(
      setsockopt(channel.target.rawValue, SOL_SOCKET, SO_TIMESTAMPING, &flags, length) == 0)
    try fill(channel)
    let found = try PollSet.finding(writable: channel.target)
    #expect(found == PollFinding(bits: Int16(POLLERR)))
    #expect(try !channel.target.takes(after: found))
  }

  /// A socket that nobody answers has an error, and with it no room.
  @Test func anErrorIsThrown() throws {
    let socket = HostDescriptor(rawValue: socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
    defer { close(socket.rawValue) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = 1
    try withUnsafePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try #require(connect(socket.rawValue, address, length) == 0)
      }
    }
    #expect(try socket.send([1]) == 1)
    let news = PollFinding(bits: Int16(POLLERR))
    let error = failure { () throws(SystemError) in try socket.takes(after: news) }
    #expect(error == SystemError(.send, .connectionRefused))
    // It was told once.
    #expect(try !socket.takes(after: news))
  }

  @Test func anEventWakesUntilItIsCleared() throws {
    let event = try WakeEvent()
    var set = PollSet()
    set.add(event)
    try set.wait(milliseconds: 0)
    #expect(!set.isReady(0))
    event.signal()
    event.signal()
    for _ in 0..<2 {
      try set.wait(milliseconds: nil)
      #expect(set.isReady(0))
    }
    event.clear()
    try set.wait(milliseconds: 0)
    #expect(!set.isReady(0))
    // There is nothing to clear, which is no reason to wait.
    event.clear()
  }

  @Test func anEventWakesAnotherThread() throws {
    let event = try WakeEvent()
    let hasWoken = Lock(false)
    let thread = try OwnedThread(named: "varve-test") {
      var set = PollSet()
      set.add(event)
      try? set.wait(milliseconds: nil)
      let isReady = set.isReady(0)
      hasWoken.withLock { $0 = isReady }
    }
    event.signal()
    thread.join()
    #expect(hasWoken.withLock { $0 })
  }

  @Test func anEmptySetPauses() throws {
    let clock = SystemClock()
    let start = clock.monotonicNanoseconds
    try PollSet.pause(milliseconds: 2)
    #expect(clock.monotonicNanoseconds - start >= 2_000_000)
  }

  @Test func descriptorsSayWhatTheyAre() throws {
    for kind in Channel.Kind.allCases {
      for nonblocking in [false, true] {
        let channel = try Channel(kind, nonblocking: nonblocking)
        let facts = try channel.target.facts()
        #expect(facts.kind == (kind == .pipe ? .pipe : .socket))
        #expect(facts.isNonblocking == nonblocking)
        #expect(!facts.isAppending)
      }
    }
    for type in [SOCK_DGRAM, SOCK_SEQPACKET] {
      let messages = HostDescriptor(rawValue: socket(AF_UNIX, Int32(type.rawValue), 0))
      defer { close(messages.rawValue) }
      #expect(try messages.facts().kind == .messages)
    }
    let directory = try TemporaryDirectory()
    let appended = HostDescriptor(
      rawValue: open(directory.path("file"), O_CREAT | O_WRONLY | O_APPEND, 0o600))
    defer { close(appended.rawValue) }
    #expect(
      try appended.facts()
        == HostDescriptor.Facts(kind: .file, isNonblocking: false, isAppending: true))
    let null = HostDescriptor(rawValue: open("/dev/null", O_WRONLY))
    defer { close(null.rawValue) }
    #expect(try null.facts().kind == .other)
    let error = failure { () throws(SystemError) in
      try HostDescriptor(rawValue: -1).facts()
    }
    #expect(error == SystemError(.flags, .badDescriptor))
  }
}

extension Channel {
  fileprivate func takes() throws -> Bool {
    try target.takes(after: try PollSet.finding(writable: target))
  }
}
