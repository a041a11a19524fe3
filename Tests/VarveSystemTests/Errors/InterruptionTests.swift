import CLinuxForTests
import Foundation
import Testing
import VarveSystem

/// Signals that come while a call waits. Their handler lets no call go on by itself (SA_RESTART).
@Suite(.serialized) struct InterruptionTests {
  let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try #require(linux_count(SIGUSR1, 0) == 0)
  }

  /// Opening one end of a pipe waits for the other end.
  @Test func callsAreMadeAgain() throws {
    let path = directory.path("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    let answer = Lock<Result<OpenFile, SystemError>?>(nil)
    let thread = try RunningThread {
      _ = linux_unblock(SIGUSR1)
      let result = Result { () throws(SystemError) in try OpenFile(path, .reading) }
      answer.withLock { $0 = result }
    }
    let count = linux_signal_count()
    while linux_signal_count() < count + 3 {
      try thread.waitUntilItSleeps()
      try thread.signal(SIGUSR1)
    }
    try thread.waitUntilItSleeps()
    #expect(!thread.isDone)
    let otherEnd = try OpenFile(path, .writing)
    thread.join()
    #expect(try answer.withLock { $0 }?.get().status().kind == .other)
    #expect(try otherEnd.status().kind == .other)
  }

  /// A blocking descriptor that takes no more.
  @Test(arguments: Channel.Kind.allCases)
  func sendingGoesOn(kind: Channel.Kind) throws {
    let channel = try Channel(kind)
    // More than any of them holds.
    let bytes = pattern(1 << 16).repeated(128)
    let source = try OpenFile(directory.path("source"), .creating)
    try source.write(bytes, at: 0)
    let sent = Lock<(count: Int, error: SystemError?)>((0, nil))
    let thread = try RunningThread {
      _ = linux_unblock(SIGUSR1)
      let error = failure { () throws(SystemError) in
        var count = 0
        while let done = try channel.target.sendfile(
          from: source.descriptor, at: count, count: bytes.count - count), done > 0
        {
          count += done
        }
        sent.withLock { $0.count = count }
      }
      sent.withLock { $0.error = error }
    }
    let count = linux_signal_count()
    while linux_signal_count() < count + 3 {
      try thread.waitUntilItSleeps()
      try thread.signal(SIGUSR1)
    }
    var received: [UInt8] = []
    while received.count < bytes.count {
      let part = try channel.receive(1 << 20)
      try #require(!part.isEmpty)
      received += part
    }
    thread.join()
    #expect(sent.withLock { $0.error } == nil)
    #expect(sent.withLock { $0.count } == bytes.count)
    let isIntact = received == bytes
    #expect(isIntact)
  }

  /// The time that a wait was given may have come: its caller looks.
  @Test func aWaitEndsWithoutAnAnswer() throws {
    let channel = try Channel(.pipe, nonblocking: true)
    let bytes = pattern(1 << 16)
    while try channel.target.send(bytes) != nil {}
    let answer = Lock<Bool?>(nil)
    let thread = try RunningThread {
      _ = linux_unblock(SIGUSR1)
      let isReady = try? channel.target.waitUntilWritable(milliseconds: nil)
      answer.withLock { $0 = isReady }
    }
    // More than one, for the first may come before the wait.
    while !thread.isDone {
      try thread.waitUntilItSleeps()
      if !thread.isDone { try thread.signal(SIGUSR1) }
      usleep(1_000)
    }
    thread.join()
    #expect(answer.withLock { $0 } == false)
  }
}
