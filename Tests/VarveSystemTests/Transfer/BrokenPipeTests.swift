import CLinuxForTests
import Foundation
import Testing
import VarveSystem

/// A peer that is gone is an error, and no signal. Each test is a process of its own, in which
/// SIGPIPE kills as it does by default.
@Suite struct BrokenPipeTests {
  @Test func theSignalWouldKill() async {
    await #expect(processExitsWith: .signal(SIGPIPE)) {
      try #require(linux_default(SIGPIPE, 0) == 0)
      let channel = try Channel(.pipe)
      channel.closePeer()
      _ = try channel.target.send([1])
    }
    // sendfile raises it for sockets too.
    await #expect(processExitsWith: .signal(SIGPIPE)) {
      try #require(linux_default(SIGPIPE, 0) == 0)
      let channel = try Channel(.socketPair)
      let file = try OpenFile("/proc/self/exe", .reading)
      channel.closePeer()
      _ = try channel.target.sendfile(from: file.descriptor, at: 0, count: 1)
    }
  }

  @Test(arguments: Channel.Kind.allCases) func aClosedPeerIsAnError(kind: Channel.Kind) async {
    await #expect(processExitsWith: .success) { [kind] in
      try #require(linux_default(SIGPIPE, 0) == 0)
      let channel = try Channel(kind)
      let file = try OpenFile("/proc/self/exe", .reading)
      channel.closePeer()
      // TCP learns of it from the answer to its first bytes.
      var errors: [SystemError] = []
      for _ in 0..<1_000 where errors.count < 2 {
        let error = withoutSIGPIPE {
          failure { () throws(SystemError) in
            try channel.target.sendfile(from: file.descriptor, at: 0, count: 1)
          }
        }
        if let error { errors.append(error) } else { usleep(1_000) }
      }
      let expected: Set<SystemError> = [
        SystemError(.sendfile, .brokenPipe), SystemError(.sendfile, .connectionReset),
      ]
      try #require(errors.count == 2)
      try #require(expected.isSuperset(of: errors))
      let last = withoutSIGPIPE {
        failure { () throws(SystemError) in
          try channel.target.send([1])
        }
      }
      try #require(last == SystemError(.send, .brokenPipe))
      try #require(linux_is_pending(SIGPIPE) == 0)
      try #require(!OwnedThread.blocks(signal: SIGPIPE))
    }
  }

  /// Memory goes to sockets without the signal; nothing needs to be blocked.
  @Test func sendSparesSocketsTheSignal() async {
    await #expect(processExitsWith: .success) {
      try #require(linux_default(SIGPIPE, 0) == 0)
      let channel = try Channel(.socketPair)
      channel.closePeer()
      let error = failure { () throws(SystemError) in try channel.target.send([1]) }
      try #require(error == SystemError(.send, .brokenPipe))
    }
  }

  /// A host that blocks the signal itself may be waiting for it.
  @Test func whatTheHostBlocksStaysBlockedAndPending() async {
    await #expect(processExitsWith: .success) {
      try #require(linux_default(SIGPIPE, 0) == 0)
      try #require(linux_block(SIGPIPE) == 0)
      let channel = try Channel(.pipe)
      channel.closePeer()
      let error = withoutSIGPIPE {
        failure { () throws(SystemError) in try channel.target.send([1]) }
      }
      try #require(error == SystemError(.send, .brokenPipe))
      try #require(OwnedThread.blocks(signal: SIGPIPE))
      try #require(linux_is_pending(SIGPIPE) == 1)
    }
  }

  /// The host's handler hears of the host's own broken pipes, and of no other.
  @Test func theHostsHandlerIsNotCalled() async {
    await #expect(processExitsWith: .success) {
      try #require(linux_count(SIGPIPE, 0) == 0)
      let channel = try Channel(.pipe)
      channel.closePeer()
      let send = { failure { () throws(SystemError) in try channel.target.send([1]) } }
      let quiet = withoutSIGPIPE { send() }
      try #require(quiet == SystemError(.send, .brokenPipe))
      try #require(linux_signal_count() == 0)
      let loud = send()
      try #require(loud == SystemError(.send, .brokenPipe))
      try #require(linux_signal_count() == 1)
    }
  }

  @Test func bodiesReturnAndThrow() {
    struct Refusal: Error, Equatable {}
    let before = OwnedThread.blocks(signal: SIGPIPE)
    #expect(withoutSIGPIPE { OwnedThread.blocks(signal: SIGPIPE) })
    #expect(throws: Refusal()) { try withoutSIGPIPE { () throws(Refusal) in throw Refusal() } }
    #expect(OwnedThread.blocks(signal: SIGPIPE) == before)
  }

  /// A call within a call leaves the signal to the outer one.
  @Test func callsNest() {
    let before = OwnedThread.blocks(signal: SIGPIPE)
    withoutSIGPIPE {
      withoutSIGPIPE {}
      #expect(OwnedThread.blocks(signal: SIGPIPE))
    }
    #expect(OwnedThread.blocks(signal: SIGPIPE) == before)
  }
}
