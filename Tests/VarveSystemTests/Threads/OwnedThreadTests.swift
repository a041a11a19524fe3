import CLinuxForTests
import Glibc
import Testing
import VarveSystem

@Suite struct OwnedThreadTests {
  private func onThread<Value: Sendable>(
    named name: String = "varve-test", _ body: @escaping @Sendable () -> Value
  ) throws -> Value {
    let found = Lock<Value?>(nil)
    let thread = try OwnedThread(named: name) {
      let value = body()
      found.withLock { $0 = value }
    }
    thread.join()
    return try #require(found.withLock { $0 })
  }

  @Test(
    arguments: [
      ("varve-sync-1", "varve-sync-1"), ("", ""),
      ("fifteen-bytes-0", "fifteen-bytes-0"), ("sixteen-bytes-01", "sixteen-bytes-0"),
      (String(repeating: "long", count: 1_000), "longlonglonglon"),
    ])
  func namesAreCutTo15Bytes(name: String, expected: String) throws {
    #expect(try onThread(named: name) { OwnedThread.currentName } == expected)
  }

  /// A letter that does not fit is cut in two, as bytes are.
  @Test func namesAreBytes() throws {
    let name = try onThread(named: "fourteen-bytesä") { OwnedThread.currentName }
    #expect(name == "fourteen-bytes\u{fffd}")
  }

  @Test func aDetachedThreadDoesWhatItIsFor() throws {
    let found = Lock<(name: String, blocks: Bool)?>(nil)
    let isDone = try WakeEvent()
    try OwnedThread.detached(named: "varve-alone") {
      found.withLock {
        $0 = (OwnedThread.currentName, OwnedThread.blocks(signal: SIGPIPE))
      }
      isDone.signal()
    }
    var set = PollSet()
    set.add(isDone)
    while !set.isReady(0) { try set.wait(milliseconds: nil) }
    let result = try #require(found.withLock { $0 })
    #expect(result == ("varve-alone", true))
  }

  @Test func theNameOfTheCallerStays() throws {
    let before = OwnedThread.currentName
    #expect(try onThread { OwnedThread.currentName } == "varve-test")
    #expect(OwnedThread.currentName == before)
  }

  /// The host's handlers run on the host's threads.
  @Test func signalsFromOutsideAreBlocked() throws {
    let signals = [
      SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2, SIGCHLD, SIGTSTP,
      SIGURG, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGWINCH, SIGIO, SIGPWR,
    ]
    let blocked = try onThread { signals.filter { OwnedThread.blocks(signal: $0) } }
    #expect(blocked == signals)
  }

  /// A fault whose signal is blocked kills, whoever could have mended it.
  @Test func faultsAreNotBlocked() throws {
    let signals = [SIGBUS, SIGSEGV, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS]
    let blocked = try onThread { signals.filter { OwnedThread.blocks(signal: $0) } }
    #expect(blocked == [])
  }

  @Test func theCallersMaskStays() throws {
    // On a thread whose mask nobody else changes, blocking one signal and not the other.
    let found = try onThread {
      _ = linux_unblock(SIGTERM)
      _ = linux_unblock(SIGUSR2)
      _ = linux_block(SIGUSR1)
      let thread = try? OwnedThread(named: "varve-inner") {}
      thread?.join()
      let masks = [SIGTERM, SIGUSR2, SIGUSR1].map { OwnedThread.blocks(signal: $0) }
      return masks + [thread != nil]
    }
    #expect(found == [false, false, true, true])
  }

  /// A signal to the process goes past our threads: here nobody else is left to take it.
  @Test func ourThreadsAreDeaf() async {
    await #expect(processExitsWith: .success) {
      try #require(linux_default(SIGTERM, 0) == 0)
      let isAlive = Lock(false)
      let thread = try OwnedThread(named: "varve-test") {
        pthread_kill(pthread_self(), SIGTERM)
        isAlive.withLock { $0 = linux_is_pending(SIGTERM) == 1 }
      }
      thread.join()
      try #require(isAlive.withLock { $0 })
    }
  }

  @Test func joiningWaitsForTheBody() throws {
    let channel = try Channel(.pipe)
    let received = Lock<[UInt8]>([])
    let thread = try RunningThread {
      let bytes = try? channel.receive()
      received.withLock { $0 = bytes ?? [] }
    }
    try thread.waitUntilItSleeps()
    #expect(!thread.isDone)
    _ = try channel.target.send([1, 2, 3])
    thread.join()
    #expect(thread.isDone)
    #expect(received.withLock { $0 } == [1, 2, 3])
  }

  /// What a body holds on to is let go with the thread.
  @Test func bodiesAreReleased() throws {
    final class Watched: Sendable {}
    weak var watched: Watched?
    let thread: OwnedThread
    do {
      let object = Watched()
      watched = object
      thread = try OwnedThread(named: "varve-test") { withExtendedLifetime(object) {} }
    }
    thread.join()
    #expect(watched == nil)
  }

  /// Where no more threads are to be had, that is thrown, and the body is let go.
  @Test func whatCannotBeStartedIsThrown() async {
    await #expect(processExitsWith: .success) {
      final class Watched: Sendable {}
      try #require(linux_forbid_threads() == 0)
      weak var watched: Watched?
      var error: SystemError?
      do {
        let object = Watched()
        watched = object
        error = failure { () throws(SystemError) in
          try OwnedThread(named: "varve-test") { withExtendedLifetime(object) {} }
        }
      }
      try #require(linux_allow_threads() == 0)
      try #require(error == SystemError(.startThread, .again))
      try #require(watched == nil)
    }
  }
}
