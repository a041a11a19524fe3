import Foundation
import Testing

@testable import Varve

/// What arrives.
@Suite struct SendTests {
  @Test(arguments: Place.all)
  func everyRouteBringsTheFiles(_ place: Place) async throws {
    try await FilledLog.with(place) { filled, reader in
      let slices = try await reader.allSlices(maximumByteCount: 150_000)
      try await filled.log.close()
      let bytes = try filled.fileBytes()
      for route in Route.all {
        let reader = ZeroCopyReader(filled.log, transport: route.transport)
        let link = try route.link()
        async let received = link.receiveAllOrNothing()
        for slice in slices { try await route.send(slice, by: reader, to: link) }
        link.closeTarget()
        let came = try await received
        let isEqual = try await link.finish(came) == bytes
        #expect(isEqual, "\(route.testDescription)")
        let statistics = reader.statistics
        #expect(statistics.byteCount == bytes.count)
        #expect(statistics.byteCount(by: route) == bytes.count, "\(route) \(statistics)")
      }
    }
  }

  /// From file to file within a file system, and nowhere else.
  @Test(arguments: Place.all, Route.Call.allCases)
  func fileRangesBringTheFiles(_ place: Place, call: Route.Call) async throws {
    try await FilledLog.with(place, transport: .copyFileRange) { filled, reader in
      let slices = try await reader.allSlices(maximumByteCount: 150_000)
      let link = try Link(.file, nonblocking: false, directory: filled.directory)
      try await filled.log.close()
      let bytes = try filled.fileBytes()
      let route = Route(
        kind: .file, isNonblocking: false, call: call, transport: reader.transport)
      for slice in slices { try await route.send(slice, by: reader, to: link) }
      let isEqual = try await link.finish([]) == bytes
      #expect(isEqual)
      #expect(reader.statistics.fileRangeByteCount == bytes.count)
      let socket = try Link(.socketPair, nonblocking: true)
      await expectFailure(.invalidArgument) {
        try await route.send(slices[0], by: reader, to: socket)
      }
    }
  }

  /// A thread of ours does not take the host's signals, SIGPIPE least of all.
  @Test func tasksAreServedByOneThread() async throws {
    try await FilledLog.with(Place.all[0]) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest))
      for _ in 0..<3 {
        let link = try Link(.file, nonblocking: false)
        try await reader.send(slice, to: link.target)
      }
      let link = try Link(.socketPair, nonblocking: true, bufferByteCount: 1 << 20)
      try await reader.send(slice, to: link.target)
      let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
      let masks = threads.compactMap { thread -> UInt64? in
        let path = "/proc/self/task/\(thread)/"
        // A thread may end meanwhile.
        guard let name = try? String(contentsOfFile: path + "comm", encoding: .utf8),
          name == "varve-transfer\n",
          let status = try? String(contentsOfFile: path + "status", encoding: .utf8),
          let line = status.split(separator: "\n").first(where: { $0.hasPrefix("SigBlk:") })
        else { return nil }
        return UInt64(line.dropFirst("SigBlk:".count).drop(while: \.isWhitespace), radix: 16)
      }
      // Other tests may have runtimes of their own.
      #expect(!masks.isEmpty)
      #expect(masks.allSatisfy { $0 & 1 << UInt64(SIGPIPE - 1) != 0 })
    }
  }

  /// Where nothing is pinned, the kernel does it.
  @Test(arguments: Link.Kind.allCases)
  func automaticCopiesNothing(kind: Link.Kind) async throws {
    try await FilledLog.with(Place.all[0]) { filled, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: 48 << 10))
      try #require(slice.byteCount > LogLimits.smallByteCount)
      let link = try Link(kind, nonblocking: false)
      #expect(try await reader.send(slice, to: link.target) == slice.byteCount)
      let isEqual = try await link.receiveExactly(slice.byteCount) == slice.bytes()
      #expect(isEqual)
      let statistics = reader.statistics
      #expect(
        (kind == .file ? statistics.fileRangeByteCount : statistics.sendfileByteCount)
          == slice.byteCount)
      #expect(reader.transport == .automatic)
    }
  }

  /// sendfile does not send to a file that is appended to, nor to a device that takes no pages.
  @Test func automaticFallsBackToACopy() async throws {
    try await FilledLog.with(Place.all[0]) { filled, reader in
      let slice = try #require(try await reader.slice(from: .earliest))
      let link = try Link(.file, nonblocking: false)
      try #require(fcntl(link.target, F_SETFL, O_APPEND) == 0)
      try await reader.send(slice, to: link.target)
      let isEqual = try await link.receiveAll() == slice.bytes()
      #expect(isEqual)
      #expect(reader.statistics.copyByteCount == slice.byteCount)

      let pinned = ZeroCopyReader(filled.log, transport: .sendfile)
      await expectFailure(.invalidArgument) { try await pinned.send(slice, to: link.target) }
    }
  }

  @Test func aFullDeviceIsFull() async throws {
    try await FilledLog.with(Place.all[0]) { filled, reader in
      let slice = try #require(try await reader.slice(from: .earliest))
      let full = open("/dev/full", O_WRONLY)
      try #require(full >= 0)
      defer { close(full) }
      let error = await expectFailure(.full) { try await reader.send(slice, to: full) }
      #expect(error?.systemCall?.errno == ENOSPC)
      #expect(error?.message.contains("after 0 of \(slice.byteCount) bytes") == true)
    }
  }

  @Test func whatCannotBeSentToIsRefused() async throws {
    try await FilledLog.with(Place.all[0]) { filled, reader in
      let slice = try #require(try await reader.slice(from: .earliest))
      await expectFailure(.invalidArgument) { try await reader.send(slice, to: -1) }
      await expectFailure(.invalidArgument) {
        try await onThread { try reader.send(slice, to: -1) }
      }
      let readable = open("/dev/null", O_RDONLY)
      defer { close(readable) }
      await expectFailure(.invalidArgument) { try await reader.send(slice, to: readable) }
      // An event loop would stand still.
      let link = try Link(.socketPair, nonblocking: false)
      await expectFailure(.invalidArgument) {
        try await onThread { try reader.sendNow(slice, from: 0, to: link.target) }
      }
      for count in [-1, slice.byteCount + 1] {
        await expectFailure(.invalidArgument) {
          try await onThread { try reader.sendNow(slice, from: count, to: link.target) }
        }
      }
    }
  }

  /// A slice goes out in pieces, of which they would make messages.
  @Test(
    arguments: [(AF_UNIX, SOCK_DGRAM), (AF_UNIX, SOCK_SEQPACKET), (AF_INET, SOCK_DGRAM)]
      .map { [Int32($0.0), Int32($0.1.rawValue)] })
  func socketsOfMessagesAreRefused(kind: [Int32]) async throws {
    try await FilledLog.with(Place.all[0]) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: 4096))
      let socket = socket(kind[0], kind[1] | Int32(SOCK_NONBLOCK.rawValue), 0)
      try #require(socket >= 0)
      defer { close(socket) }
      await expectFailure(.invalidArgument) { try await reader.send(slice, to: socket) }
      await expectFailure(.invalidArgument) {
        try await onThread { try reader.send(slice, to: socket) }
      }
      await expectFailure(.invalidArgument) {
        try await onThread { try reader.sendNow(slice, from: 0, to: socket) }
      }
      let error = await expectFailure(.invalidArgument) { try SendTarget(socket) }
      #expect(error?.message.contains("messages") == true)
    }
  }

  /// Bytes of a log that were published stay as they are, whoever has its file open.
  @Test(arguments: Route.all.filter { $0.kind == .file && !$0.isNonblocking })
  func nothingIsSentToTheSegmentItself(_ route: Route) async throws {
    try await FilledLog.with(Place.all[0], transport: route.transport) { filled, reader in
      let slices = try await reader.allSlices(maximumByteCount: 50_000)
      try await filled.log.close()
      let bytes = try filled.fileBytes()
      for slice in slices.prefix(2) {
        let target = open(filled.directory + "/00000000000000000000.log", O_RDWR)
        try #require(target >= 0)
        let link = Link(toFile: target)
        let error = await expectFailure(.invalidArgument) {
          try await route.send(slice, header: [1, 2, 3], by: reader, to: link)
        }
        #expect(error?.message.contains("itself") == true)
      }
      #expect(try filled.fileBytes() == bytes)
    }
  }

  /// Two slices to one descriptor at once do not mix.
  @Test(arguments: [false, true])
  func slicesToOneDescriptorComeOneAfterTheOther(isNonblocking: Bool) async throws {
    try await FilledLog.with(Place.all[0], byteCount: 2 << 20, segmentByteCount: 1 << 20) {
      filled, reader in
      let slices = try await reader.allSlices(maximumByteCount: 200_000)
      let link = try Link(.socketPair, nonblocking: isNonblocking)
      async let received = link.receiveAll()
      try await withThrowingTaskGroup { group in
        for slice in slices {
          group.addTask { _ = try await reader.send(slice, to: link.target) }
        }
        try await group.waitForAll()
      }
      link.closeTarget()
      let batches = try headers(of: try await received)
      let bases = Set(batches.map(\.baseOffset))
      #expect(batches.count == bases.count)
      // Within a slice, each batch comes right behind the one before it.
      let starts = Set(slices.map(\.offsets.lowerBound))
      for (batch, next) in zip(batches, batches.dropFirst()) {
        #expect(next.baseOffset == batch.nextOffset || starts.contains(next.baseOffset))
      }
      #expect(batches.reduce(0) { $0 + $1.byteCount } == slices.reduce(0) { $0 + $1.byteCount })
    }
  }

  @Test(arguments: [ZeroCopyReader.Transport.sendfile, .splice, .copy, .automatic])
  func manySlicesGoToManySocketsAtOnce(transport: ZeroCopyReader.Transport) async throws {
    try await FilledLog.with(Place.all[0], transport: transport) { filled, reader in
      let slices = try await reader.allSlices(maximumByteCount: 30_000)
      let bytes = try await slices.bytes()
      let links = try (0..<40).map { number in
        try Link([.tcp, .socketPair, .pipe][number % 3], nonblocking: number % 4 != 0)
      }
      try await withThrowingTaskGroup { group in
        for link in links {
          group.addTask {
            for slice in slices { try await reader.send(slice, to: link.target) }
            link.closeTarget()
          }
          group.addTask {
            let isEqual = try await link.receiveAll() == bytes
            #expect(isEqual)
          }
        }
        try await group.waitForAll()
      }
      #expect(reader.statistics.byteCount == bytes.count * links.count)
    }
  }
}

extension TransferStatistics {
  /// What went by what the route has pinned, or by anything if it has not.
  fileprivate func byteCount(by route: Route) -> Int {
    switch route.transport {
    case .sendfile: sendfileByteCount
    case .splice: ringByteCount + spliceByteCount
    case .copyFileRange: fileRangeByteCount
    case .copy: copyByteCount
    case .automatic: byteCount - copyByteCount
    }
  }
}

extension Link {
  /// All bytes as they come; those of a file are looked for at the end.
  fileprivate func receiveAllOrNothing() async throws -> [UInt8] {
    kind == .file ? [] : try await receiveAll()
  }

  fileprivate func finish(_ received: [UInt8]) async throws -> [UInt8] {
    kind == .file ? try await receiveAll() : received
  }
}
