import Synchronization
import Testing
import Varve

/// Slices and sends while the log grows, for ThreadSanitizer to look at.
@Suite struct TransferRaceTests {
  /// Readers are at the end of the log all the time, where slices are cut off.
  @Test(arguments: Place.all)
  func slicesEndWhereTheLogDoes(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: 32 << 10))
      let filled = FilledLog(log: log, directory: directory)
      let readers = [1, 700, 1 << 20].map { maximum in
        Task {
          let reader = ZeroCopyReader(log)
          var next: Offset = 0
          var bytes: [UInt8] = []
          var slice = try await reader.waitForSlice(from: .earliest, maximumByteCount: maximum)
          while let found = slice {
            #expect(found.offsets.upperBound <= log.end)
            #expect(found.offsets.lowerBound == next)
            bytes += try await found.bytes()
            next = found.offsets.upperBound
            slice = try await reader.waitForSlice(after: found, maximumByteCount: maximum)
          }
          return bytes
        }
      }
      try await withThrowingTaskGroup { group in
        for appender in 0..<2 {
          group.addTask {
            for number in 0..<400 {
              try log.append(
                Record(value: String(repeating: "\(appender) ", count: 50 + number % 200)))
              if number % 20 == 0 { await Task.yield() }
            }
          }
        }
        try await group.waitForAll()
      }
      try await log.close()
      let bytes = try filled.fileBytes()
      for reader in readers {
        let isEqual = try await reader.value == bytes
        #expect(isEqual)
      }
      #expect(try headers(of: bytes).last?.nextOffset == log.end)
    }
  }

  /// Tails of a log over sockets, pipes and files, in all the ways of the kernel.
  @Test(arguments: [ZeroCopyReader.Transport.sendfile, .splice, .copy, .automatic])
  func sendsFollowTheLog(transport: ZeroCopyReader.Transport) async throws {
    try await Place.all[0].withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: Place.all[0].configuration())
      let filled = FilledLog(log: log, directory: directory)
      let reader = ZeroCopyReader(log, transport: transport)
      let links = try (0..<12).map { number in
        try Link([.tcp, .socketPair, .pipe][number % 3], nonblocking: number % 2 == 0)
      }
      let receivers = try links.map { try $0.receiver() }
      let senders = links.map { link in
        Task {
          var slice = try await reader.waitForSlice(from: .earliest, maximumByteCount: 5_000)
          while let found = slice {
            try await reader.send(found, to: link.target)
            slice = try await reader.waitForSlice(after: found, maximumByteCount: 5_000)
          }
          link.closeTarget()
        }
      }
      for _ in 0..<20 {
        try filled.fill(10_000)
        await Task.yield()
      }
      try await log.close()
      for sender in senders { try await sender.value }
      let bytes = try filled.fileBytes()
      for receiver in receivers {
        let isEqual = try await receiver.bytes() == bytes
        #expect(isEqual)
      }
      #expect(reader.statistics.byteCount == bytes.count * links.count)
    }
  }

  /// Tasks are cancelled at any moment of a send; what was counted is what came.
  @Test(arguments: [ZeroCopyReader.Transport.sendfile, .splice, .copy, .automatic])
  func sendsAreCancelledAtAnyTime(transport: ZeroCopyReader.Transport) async throws {
    try await FilledLog.with(
      Place.all[0], byteCount: 3 << 20, segmentByteCount: 4 << 20, transport: transport
    ) { _, reader in
      let slice = try #require(try await reader.slice(from: .earliest, maximumByteCount: .max))
      let expected = try await slice.bytes()
      let cancelledCount = Atomic<Int>(0)
      for round in 0..<60 {
        let link = try Link([.tcp, .socketPair, .pipe][round % 3], nonblocking: round % 4 < 2)
        let receiver = try link.receiver()
        let progress = TransferProgress()
        let sending = Task {
          try await reader.send(slice, to: link.target, progress: progress)
        }
        for _ in 0..<round { await Task.yield() }
        sending.cancel()
        do {
          #expect(try await sending.value == slice.byteCount)
        } catch let error as LogError {
          #expect(error.code == .cancelled)
          cancelledCount.add(1, ordering: .relaxed)
        }
        link.closeTarget()
        let isPrefix = try await receiver.bytes() == Array(expected.prefix(progress.sentByteCount))
        #expect(isPrefix)
      }
      #expect(cancelledCount.load(ordering: .relaxed) > 0)
    }
  }

  /// A runtime goes away with its last log, and its threads with it, when the sends are done.
  @Test func runtimesComeAndGo() async throws {
    for round in 0..<5 {
      let place = Place.all[round % Place.all.count]
      try await place.withDirectory { directory in
        let log = try await Log.open(
          at: directory, configuration: place.configuration(), runtime: LogRuntime())
        try FilledLog(log: log, directory: directory).fill(50_000)
        let slice = try #require(try await ZeroCopyReader(log).slice(from: .earliest))
        let link = try Link(.socketPair, nonblocking: round % 2 == 0)
        let receiver = try link.receiver()
        #expect(try await ZeroCopyReader(log).send(slice, to: link.target) == slice.byteCount)
        link.closeTarget()
        #expect(try await receiver.bytes().count == slice.byteCount)
        try await log.close()
      }
    }
  }
}
