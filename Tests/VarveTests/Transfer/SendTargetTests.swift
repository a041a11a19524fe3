import Foundation
import Testing
import VarveSystem

@testable import Varve

/// Descriptors of which is found out once what they are. That slices get to them as to others is in the tests
/// of all routes.
@Suite struct SendTargetTests {
  @Test func whatIsNotOpenIsNoTarget() async {
    let error = await expectFailure(.invalidArgument) { try SendTarget(-1) }
    #expect(error?.systemCall?.errno == EBADF)
  }

  /// What it was found to be holds, and a bare descriptor is asked each time.
  @Test func itIsNotAskedAgain() async throws {
    try await FilledLog.with(Place.all[0]) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: 4096))
      let link = try Link(.tcp, nonblocking: true)
      let target = try SendTarget(link.target)
      let descriptor = target.descriptor
      try #require(fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) == 0)
      let sent = try await onThread { try reader.sendNow(slice, from: 0, to: target) }
      #expect(sent.sentByteCount == slice.byteCount)
      await expectFailure(.invalidArgument) {
        try await onThread { _ = try reader.sendNow(slice, from: 0, to: descriptor) }
      }
    }
  }

  /// A process that ignores SIGPIPE need not have it kept away, and one that does not must.
  @Test(arguments: [false, true]) func theSignalIsKeptAwayWhereItWouldBeRaised(isIgnored: Bool)
    async
  {
    await #expect(processExitsWith: .success) { [isIgnored] in
      signal(SIGPIPE, isIgnored ? SIG_IGN : SIG_DFL)
      try await FilledLog.with(Place.all[0]) { _, reader in
        let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: 4096))
        let link = try Link(.pipe, nonblocking: true)
        let target = try SendTarget(link.target)
        try #require(target.isSignalIgnored == isIgnored)
        link.closePeer()
        await expectFailure(.disconnected) { try await reader.send(slice, to: target) }
        await expectFailure(.disconnected) {
          try await onThread { _ = try reader.send(slice, to: target) }
        }
        // What failed at once has not become a signal that waits for this.
        signal(SIGPIPE, SIG_DFL)
      }
    }
  }

  /// To set another descriptor is to ask anew.
  @Test func aSendThatIsGivenAnotherDescriptorForgetsTheTarget() async throws {
    try await FilledLog.with(Place.all[0]) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: 4096))
      let (first, second) = (try Link(.tcp, nonblocking: true), try Link(.pipe, nonblocking: true))
      var send = SliceSend(slice, to: try SendTarget(first.target))
      #expect(send.target == (try SendTarget(first.target)))
      send.descriptor = second.target
      #expect(send.target != (try SendTarget(second.target)))
      let results = await reader.sendAll([send, SliceSend(slice, to: try SendTarget(first.target))])
      #expect(results.map { try? $0.get() } == [slice.byteCount, slice.byteCount])
      for link in [first, second] {
        let isEqual = try await link.receiveExactly(slice.byteCount) == slice.bytes()
        #expect(isEqual)
      }
    }
  }
}
