import Foundation
import Testing
import Varve
import VarveSystem

/// Receivers that are slow, or go away.
@Suite struct ReceiverTests {
  /// A slice that no buffer of the kernel's holds.
  private func withSlice(
    _ route: Route, _ body: (LogSlice, ZeroCopyReader) async throws -> Void
  ) async throws {
    try await FilledLog.with(
      Place.all[0], byteCount: 3 << 20, segmentByteCount: 8 << 20, transport: route.transport
    ) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: .max))
      try #require(slice.byteCount >= 3 << 20)
      try await body(slice, reader)
    }
  }

  /// What is on its way lies in the kernel's two buffers, and nowhere else.
  @Test(arguments: Route.withReceiver)
  func aSlowReceiverHoldsUpTheSender(_ route: Route) async throws {
    try await withSlice(route) { slice, reader in
      let link = try route.link(bufferByteCount: 64 << 10)
      let progress = TransferProgress()
      let target = link.target
      let isInTask = route.call == .task
      async let sent: Void = {
        if isInTask {
          try await reader.send(slice, to: target, progress: progress)
        } else {
          try await route.send(slice, by: reader, to: link)
        }
        link.closeTarget()
      }()
      var bytes: [UInt8] = []
      while bytes.count < slice.byteCount {
        let received = bytes.count
        bytes += try await onThread {
          try link.receiveExactly(min(100_000, slice.byteCount - received))
        }
        #expect(progress.sentByteCount <= bytes.count + (1 << 20))
      }
      try await sent
      #expect(try await link.receiveAll().isEmpty)
      let isEqual = try await slice.bytes() == bytes
      #expect(isEqual)
    }
  }

  @Test(arguments: Route.withReceiver)
  func aReceiverThatGoesAwayIsAnError(_ route: Route) async throws {
    try await withSlice(route) { slice, reader in
      let link = try route.link(bufferByteCount: 64 << 10)
      async let failure = expectFailure(.disconnected) {
        try await route.send(slice, by: reader, to: link)
      }
      // In the middle of it.
      _ = try await onThread { try link.receiveExactly(300_000) }
      link.closePeer()
      let error = await failure
      #expect([EPIPE, ECONNRESET].contains(error?.systemCall?.errno ?? 0))
      #expect(reader.statistics.byteCount >= 300_000)
      #expect(reader.statistics.byteCount < slice.byteCount)
      #expect(error?.message.contains("of \(slice.byteCount) bytes") == true)
      // And before it.
      await expectFailure(.disconnected) { try await route.send(slice, by: reader, to: link) }
    }
  }

  /// In processes of their own, in which SIGPIPE kills as it does by default.
  @Test(
    arguments: Route.Call.allCases.map(\.rawValue), ["sendfile", "splice", "copy", "kept"])
  func nobodyIsSignalled(call: String, way: String) async {
    await #expect(processExitsWith: .success) { [call, way] in
      signal(SIGPIPE, SIG_DFL)
      let call = try #require(Route.Call(rawValue: call))
      let transports: [String: ZeroCopyReader.Transport] = [
        "sendfile": .sendfile, "splice": .splice, "copy": .copy, "kept": .automatic,
      ]
      let transport = try #require(transports[way])
      // TCP several times: a call that has sent some bytes by the time the answer comes does not say so.
      for kind in [Link.Kind.pipe, .socketPair] + Array(repeating: .tcp, count: 8) {
        let route = Route(
          kind: kind, isNonblocking: true, call: call, transport: transport,
          keepsTarget: way == "kept")
        try await FilledLog.with(Place.all[0], transport: route.transport) { _, reader in
          let slice = try #require(try await reader.slice(from: .earliest))
          let link = try route.link()
          link.closePeer()
          var codes: [LogError.Code] = []
          // TCP learns of it from the answer to its first bytes.
          while codes.count < 2 {
            do { try await route.send(slice, by: reader, to: link) } catch let error as LogError {
              codes.append(error.code)
            }
          }
          try #require(codes == [.disconnected, .disconnected])
        }
      }
      // The host's own broken pipes are its own.
      try #require(!OwnedThread.blocks(signal: SIGPIPE))
    }
  }

  /// A host that gives its socket so much time to send in gets it.
  @Test(arguments: [ZeroCopyReader.Transport.sendfile, .splice, .copy])
  func aTimeLimitOfTheSocketHolds(transport: ZeroCopyReader.Transport) async throws {
    let route = Route(kind: .tcp, isNonblocking: false, call: .waiting, transport: transport)
    try await withSlice(route) { slice, reader in
      let link = try route.link(bufferByteCount: 64 << 10)
      try link.limitSending(toMicroseconds: 20_000)
      let progress = TransferProgress()
      let target = link.target
      await expectFailure(.retry) {
        try await onThread { try reader.send(slice, to: target, progress: progress) }
      }
      // What went out is known, so that it can go on.
      let first = try await onThread { try link.receiveExactly(progress.sentByteCount) }
      async let rest = link.receiveAll()
      try link.limitSending(toMicroseconds: 0)
      let count = try await onThread { try reader.send(slice, to: target, progress: progress) }
      #expect(first.count + count == slice.byteCount)
      #expect(progress.sentByteCount == slice.byteCount)
      link.closeTarget()
      let bytes = try await first + rest
      let isEqual = try await slice.bytes() == bytes
      #expect(isEqual)
    }
  }

  /// And is waited for once, not first in one way and then in another.
  @Test(arguments: [0, 3])
  func aTimeLimitOfTheSocketComesOnce(headerByteCount: Int) async throws {
    let route = Route(
      kind: .socketPair, isNonblocking: false, call: .waiting, transport: .automatic)
    try await withSlice(route) { slice, reader in
      let link = try route.link()
      try link.fill()
      try link.limitSending(toMicroseconds: 20_000)
      let (target, header) = (link.target, [UInt8](repeating: 1, count: headerByteCount))
      let sleeps = Lock<[Int]>([])
      for _ in 0..<5 {
        await expectFailure(.retry) {
          try await onThread {
            let before = try sleepCount()
            let result = Result { try reader.send(slice, header: header, to: target) }
            let count = try sleepCount() - before
            sleeps.withLock { $0.append(count) }
            return try result.get()
          }
        }
      }
      // A thread sleeps while it waits; for other reasons, too, but not each time.
      let counts = sleeps.withLock { $0 }
      #expect(counts.min() == 1, "\(counts)")
    }
  }

  @Test(arguments: Route.withReceiver.filter { $0.call == .task })
  func aCancelledSendGoesOnLater(_ route: Route) async throws {
    try await withSlice(route) { slice, reader in
      let link = try route.link(bufferByteCount: 64 << 10)
      let progress = TransferProgress()
      let target = link.target
      let sending = Task { try await reader.send(slice, to: target, progress: progress) }
      var bytes = try await onThread { try link.receiveExactly(200_000) }
      sending.cancel()
      let error = await expectFailure(.cancelled) { try await sending.value }
      let sent = progress.sentByteCount
      #expect(error?.message.contains("after \(sent) of \(slice.byteCount) bytes") == true)
      #expect((200_000..<slice.byteCount).contains(sent))

      // Nobody sends any more: what was counted is all that comes, until the next one.
      bytes += try await onThread { [count = bytes.count] in try link.receiveExactly(sent - count) }
      async let rest = link.receiveAll()
      let count = try await reader.send(slice, to: target, progress: progress)
      #expect(count == slice.byteCount - sent)
      link.closeTarget()
      bytes += try await rest
      let isEqual = try await slice.bytes() == bytes
      #expect(isEqual)
    }
  }

  @Test(arguments: Route.withReceiver.filter { $0.call == .task })
  func aSendThatIsCancelledBeforehandSendsNothing(_ route: Route) async throws {
    try await withSlice(route) { slice, reader in
      let link = try route.link()
      let target = link.target
      let sending = Task {
        while !Task.isCancelled { await Task.yield() }
        return try await reader.send(slice, to: target)
      }
      sending.cancel()
      await expectFailure(.cancelled) { try await sending.value }
      link.closeTarget()
      #expect(try await link.receiveAll().isEmpty)
    }
  }

  /// Sends that nobody receives hold no thread that anyone else needs.
  @Test(arguments: [ZeroCopyReader.Transport.sendfile, .splice, .automatic])
  func stuckSendsHoldUpNobodyElse(transport: ZeroCopyReader.Transport) async throws {
    let route = Route(kind: .socketPair, isNonblocking: true, call: .task, transport: transport)
    try await withSlice(route) { slice, reader in
      // More than there are pipes for.
      let links = try (0..<60).map { number in
        try Link(
          [.tcp, .socketPair, .pipe][number % 3], nonblocking: number % 2 == 0,
          bufferByteCount: 64 << 10)
      }
      let stuck = links.map { link in
        Task { [target = link.target] in try await reader.send(slice, to: target) }
      }
      for isNonblocking in [false, true] {
        let link = try Link(.tcp, nonblocking: isNonblocking)
        async let received = link.receiveAll()
        try await reader.send(slice, to: link.target)
        link.closeTarget()
        #expect(try await received.count == slice.byteCount)
        #expect(try await reader.slice(from: .earliest)?.offsets.lowerBound == 0)
      }
      for task in stuck { task.cancel() }
      for task in stuck { await expectFailure(.cancelled) { try await task.value } }
    }
  }

  /// The second of two slices for a descriptor need not wait for the first to be cancelled.
  @Test func aSendThatWaitsForAnotherCanBeCancelled() async throws {
    let route = Route(kind: .socketPair, isNonblocking: true, call: .task, transport: .sendfile)
    try await withSlice(route) { slice, reader in
      let link = try route.link()
      let (target, progress) = (link.target, TransferProgress())
      let first = Task { try await reader.send(slice, to: target, progress: progress) }
      while progress.sentByteCount == 0 { await Task.yield() }
      let second = Task { try await reader.send(slice, to: target) }
      second.cancel()
      await expectFailure(.cancelled) { try await second.value }
      async let received = link.receiveAll()
      #expect(try await first.value == slice.byteCount)
      link.closeTarget()
      #expect(try await received.count == slice.byteCount)
    }
  }

  /// A socket whose owner has asked for news of what is sent, and does not fetch it, is ready all
  /// the time, full as it may be.
  @Test(arguments: Route.withReceiver.filter { $0.kind == .tcp })
  func aSocketThatOnlySeemsReadyIsWaitedFor(_ route: Route) async throws {
    try await withSlice(route) { slice, reader in
      let link = try route.link(bufferByteCount: 64 << 10)
      try link.askForNews()
      async let sent: Void = {
        try await route.send(slice, by: reader, to: link)
        link.closeTarget()
      }()
      _ = try await onThread { try link.receiveExactly(100_000) }
      var waiting = pollfd(fd: link.target, events: 0, revents: 0)
      try #require(poll(&waiting, 1, 0) == 1 && waiting.revents == Int16(POLLERR))
      #expect(try await link.receiveAll().count == slice.byteCount - 100_000)
      try await sent
    }
  }

  /// The segment's file is cut while a slice of it is held.
  @Test(arguments: Route.all)
  func aCutFileIsAnError(_ route: Route) async throws {
    try await FilledLog.with(Place.all[0], transport: route.transport) { filled, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: .max))
      try #require(slice.position == 0)
      try await filled.cutFirstSegment(to: 10_000)
      let link = try route.link()
      let error = await expectFailure(.corrupt) {
        try await route.send(slice, by: reader, to: link)
      }
      #expect(error?.message.contains("the file ends at 10000") == true)
      #expect(try await onThread { try link.receiveExactly(10_000) }.count == 10_000)
    }
  }
}

/// How often the calling thread has gone to sleep.
private func sleepCount() throws -> Int {
  let status = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
  return try #require(line?.split(separator: "\t").last.flatMap { Int($0) })
}
