import Testing
import VarveSystem

@testable import Varve

/// Slices that are copied to sockets of the network's, because all else takes longer.
@Suite struct SmallSendTests {
  private static let header: [UInt8] = [1, 2, 3]

  private enum Caller: CaseIterable { case thread, task, eventLoop }

  private func send(
    _ slice: LogSlice, by reader: ZeroCopyReader, to target: Int32, _ caller: Caller
  ) async throws {
    switch caller {
    case .thread:
      _ = try await onThread { try reader.send(slice, header: Self.header, to: target) }
    case .task: try await reader.send(slice, header: Self.header, to: target)
    case .eventLoop:
      let outcome = try await onThread {
        try reader.sendNow(slice, header: Self.header, from: 0, to: target)
      }
      #expect(outcome.sentByteCount == Self.header.count + slice.byteCount)
      #expect(!outcome.wouldBlock)
    }
  }

  /// To pipes and sockets of the UNIX kind the kernel gives them: those pass pages on.
  @Test(arguments: [Link.Kind.tcp, .socketPair, .pipe])
  func theNetworkGetsACopy(kind: Link.Kind) async throws {
    try await FilledLog.with(Place.all[0]) { filled, _ in
      for caller in Caller.allCases {
        let reader = ZeroCopyReader(filled.log)
        let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: 4096))
        let link = try Link(kind, nonblocking: true)
        try await send(slice, by: reader, to: link.target, caller)
        let isEqual =
          try await link.receiveExactly(Self.header.count + slice.byteCount)
          == Self.header + slice.bytes()
        #expect(isEqual)
        let statistics = reader.statistics
        #expect(statistics.byteCount == slice.byteCount)
        #expect(statistics.copyByteCount == (kind == .tcp ? slice.byteCount : 0))
      }
    }
  }

  /// A socket that takes a part keeps its place: nobody comes between that and the rest.
  @Test func aPartIsFollowedByTheRest() async throws {
    try await FilledLog.with(Place.all[0]) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: 4096))
      let link = try Link(.tcp, nonblocking: true, bufferByteCount: 1)
      let (target, count) = (link.target, 16)
      let receiver = try link.receiver()
      let frames = (0..<count).map { [UInt8](repeating: UInt8($0), count: 5_000) }
      try await withThrowingTaskGroup { group in
        for frame in frames {
          group.addTask {
            let sent = try await reader.send(slice, header: frame, to: target)
            #expect(sent == frame.count + slice.byteCount)
          }
        }
        try await group.waitForAll()
      }
      link.closeTarget()
      let (came, body) = (try await receiver.bytes(), try await slice.bytes())
      let length = 5_000 + body.count
      try #require(came.count == count * length)
      let numbers = (0..<count).map { came[$0 * length] }
      #expect(Set(numbers) == Set((0..<count).map { UInt8($0) }))
      for (place, number) in numbers.enumerated() {
        let isWhole =
          came[place * length..<(place + 1) * length].elementsEqual(frames[Int(number)] + body)
        #expect(isWhole, "at \(place)")
      }
      #expect(reader.statistics.byteCount == count * slice.byteCount)
    }
  }

  /// A blocking socket takes a part of it at once; a task does not wait for it to take the rest.
  @Test(arguments: [false, true])
  func aTaskDoesNotWaitWithABlockingSocket(nonblocking: Bool) async throws {
    try await FilledLog.with(Place.all[0]) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: 4096))
      let link = try Link(.tcp, nonblocking: nonblocking, bufferByteCount: 64 << 10)
      let target = link.target
      let frame = [UInt8](repeating: 1, count: 5_000)
      let sending = WatchedTask {
        while true { try await reader.send(slice, header: frame, to: target) }
      }
      // Nobody receives, so that there is no room at last.
      var sent = -1
      while reader.statistics.byteCount != sent {
        sent = reader.statistics.byteCount
        try await Task.sleep(for: .milliseconds(200))
      }
      sending.cancel()
      await expectFailure(.cancelled) { try await sending.outcome()?.get() }
      // Did it wait with the socket, that ends it.
      link.closePeer()
      #expect(await sending.outcome() != nil)
    }
  }

  /// A thread that may wait gets all of it out, to blocking sockets too.
  @Test(arguments: [false, true])
  func aThreadWaitsForTheRest(nonblocking: Bool) async throws {
    try await FilledLog.with(Place.all[0]) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: 4096))
      let link = try Link(.tcp, nonblocking: nonblocking, bufferByteCount: 1)
      let target = link.target
      let receiver = try link.receiver()
      // Few, for where a socket takes that little, its timers are waited for.
      let count = 8
      try await onThread {
        for _ in 0..<count {
          let progress = TransferProgress()
          try reader.send(slice, header: Self.header, to: target, progress: progress)
          #expect(progress.sentByteCount == Self.header.count + slice.byteCount)
        }
      }
      link.closeTarget()
      let frame = Self.header + (try await slice.bytes())
      let expected = (0..<count).flatMap { _ in frame }
      let isEqual = try await receiver.bytes() == expected
      #expect(isEqual)
    }
  }

  /// An event loop must not be waited for, however little there is to send.
  @Test func blockingSocketsAreRefusedToEventLoops() async throws {
    try await FilledLog.with(Place.all[0]) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: 4096))
      let link = try Link(.tcp, nonblocking: false)
      let target = link.target
      await expectFailure(.invalidArgument) {
        try await onThread { _ = try reader.sendNow(slice, from: 0, to: target) }
      }
      #expect(reader.statistics.byteCount == 0)
    }
  }

  @Test(arguments: Caller.allCases)
  private func aPeerThatIsGoneIsAnError(caller: Caller) async throws {
    try await FilledLog.with(Place.all[0]) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: 4096))
      let link = try Link(.socketPair, nonblocking: true)
      link.closePeer()
      await expectFailure(.disconnected) {
        try await send(slice, by: reader, to: link.target, caller)
      }
      // Nobody is kept away by it.
      await expectFailure(.disconnected) {
        try await send(slice, by: reader, to: link.target, caller)
      }
    }
  }
}
