import Foundation
import Testing
import VarveSystem

@testable import Varve

/// Blocking descriptors of which nobody receives anything, as many as there are threads for such: they hold
/// none of them.
@Suite struct StuckReceiverTests {
  private static let header = [UInt8](repeating: 1, count: 1_000_000)

  /// Sends a header larger than any buffer, and a slice, to links that nobody receives from. Expects that it
  /// goes to another one meanwhile, and that what is cancelled ends.
  private func expectNoThreadHeld(
    _ kind: Link.Kind, _ prepare: (Link) throws -> Void = { _ in }
  ) async throws {
    // Whose threads are nobody else's.
    try await FilledLog.with(Place.all[0], runtime: LogRuntime()) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest))
      let send = { (link: Link) in
        WatchedTask { try await reader.send(slice, header: Self.header, to: link.target) }
      }
      let links = try (0..<LogLimits.senderCount).map { _ in
        try Link(kind, nonblocking: false, bufferByteCount: 64 << 10)
      }
      for link in links { try prepare(link) }
      let stuck = links.map(send)
      for link in links { try await link.waitUntilFull() }
      let healthy = try Link(kind, nonblocking: false)
      let receiver = try healthy.receiver()
      let sending = send(healthy)
      #expect(try await sending.outcome()?.get() == Self.header.count + slice.byteCount)
      for task in stuck { task.cancel() }
      for task in stuck { await expectFailure(.cancelled) { try await task.outcome()?.get() } }
      // Should a thread wait with one of them, that ends it.
      for link in links { link.closePeer() }
      for task in stuck + [sending] { #expect(await task.outcome() != nil) }
      healthy.closeTarget()
      let isEqual = try await receiver.bytes() == Self.header + slice.bytes()
      #expect(isEqual)
    }
  }

  @Test(arguments: [Link.Kind.tcp, .socketPair, .pipe])
  func theyHoldNoThread(kind: Link.Kind) async throws { try await expectNoThreadHeld(kind) }

  /// Who has asked for news of what is sent, and does not fetch it, has a socket that is never silent.
  @Test func norDoThoseThatHaveNews() async throws {
    try await expectNoThreadHeld(.tcp) { try $0.askForNews() }
  }
}

extension Link {
  /// Waits until nothing more fits in.
  fileprivate func waitUntilFull() async throws {
    for _ in 0..<1_000 {
      var found = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
      try #require(poll(&found, 1, 0) >= 0)
      if found.revents & Int16(POLLOUT) == 0 { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("there is room still")
  }
}
