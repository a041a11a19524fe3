import CLinuxForTests
import Foundation
import Testing
import Varve
import VarveFormat

/// What io_uring does, and what becomes of sends where it is not allowed.
@Suite struct RingTransferTests {
  /// Calls `body` with a slice of one batch, or of a few, that together have so many bytes at least.
  private func withSlice(
    _ byteCount: Int, transport: ZeroCopyReader.Transport = .automatic,
    observer: (any LogObserver)? = nil, runtime: LogRuntime = .shared,
    _ body: (LogSlice, ZeroCopyReader) async throws -> Void
  ) async throws {
    try await Place.all[0].withDirectory { directory in
      var configuration = Place.all[0].configuration(segmentByteCount: max(1 << 20, 2 * byteCount))
      configuration.observer = observer
      let log = try await Log.open(at: directory, configuration: configuration, runtime: runtime)
      let piece = min(byteCount, 512 << 10)
      for _ in 0..<(byteCount / piece) {
        try log.append(Record(value: [UInt8](repeating: 7, count: piece)))
      }
      let reader = ZeroCopyReader(log, transport: transport)
      try await body(
        try #require(try await reader.slice(from: .earliest, maximumByteCount: .max)), reader)
      try await log.close()
    }
  }

  @Test(.enabled(if: ColdTransferTests.hasRing, "there is no io_uring"))
  func largeSlicesOverTheNetworkGoByTheRing() async throws {
    try await withSlice(17 << 20) { slice, reader in
      let link = try Link(.tcp, nonblocking: true)
      async let received = link.receiveExactly(slice.byteCount)
      try await reader.send(slice, to: link.target)
      let isEqual = try await received == slice.bytes()
      #expect(isEqual)
      #expect(reader.statistics.ringByteCount == slice.byteCount)
      // Whoever waits himself has no use for another thread.
      let waiting = try Link(.tcp, nonblocking: true)
      async let again = waiting.receiveExactly(slice.byteCount)
      _ = try await onThread { try reader.send(slice, to: waiting.target) }
      #expect(try await again.count == slice.byteCount)
      #expect(reader.statistics.sendfileByteCount == slice.byteCount)
    }
  }

  /// From one byte on, and with the page's edges anywhere.
  @Test(arguments: [1, 4_000, 4_096, 70_000, 1 << 20, 5 << 20])
  func allSizesArrive(byteCount: Int) async throws {
    try await sizesArrive(byteCount)
  }

  /// As large as VARVE_TRANSFER_BYTES says: 268435456, say.
  @Test(.enabled(if: Self.largeByteCount != nil, "VARVE_TRANSFER_BYTES is not set"))
  func largeOnesArrive() async throws { try await sizesArrive(try #require(Self.largeByteCount)) }

  private static let largeByteCount = ProcessInfo.processInfo
    .environment["VARVE_TRANSFER_BYTES"].flatMap { Int($0) }

  private func sizesArrive(_ byteCount: Int) async throws {
    try await withSlice(byteCount) { slice, reader in
      let expected = try await slice.bytes()
      for route in Route.all where route.call != .now {
        let reader = ZeroCopyReader(reader.log, transport: route.transport)
        let link = try route.link()
        let receiver = try link.receiverUnlessFile()
        try await route.send(slice, by: reader, to: link)
        link.closeTarget()
        let isEqual = try await link.bytes(of: receiver) == expected
        #expect(isEqual, "\(route.testDescription)")
      }
    }
  }

  /// The same in processes where calls of io_uring fail: what it would do is done by others, and the
  /// observer is told once.
  @Test(
    .enabled(if: ColdTransferTests.hasRing, "there is no io_uring"),
    arguments: [EPERM, ENOSYS, ENOMEM])
  func withoutARingAllArrives(errno: Int32) async {
    await #expect(processExitsWith: .success) { [errno] in
      try #require(linux_forbid_ring(errno) == 0)
      try #require(RingSupport.probe() == .refused(errno: errno))
      let recorder = EventRecorder()
      let tests = RingTransferTests()
      try await tests.withSlice(3 << 20, observer: recorder) { slice, reader in
        let expected = try await slice.bytes()
        for _ in 0..<2 {
          for route in Route.all {
            let reader = ZeroCopyReader(reader.log, transport: route.transport)
            let link = try route.link()
            let receiver = try link.receiverUnlessFile()
            try await route.send(slice, by: reader, to: link)
            link.closeTarget()
            let isEqual = try await link.bytes(of: receiver) == expected
            try #require(isEqual, "\(route.testDescription)")
            try #require(reader.statistics.ringByteCount == 0)
            try #require(reader.statistics.byteCount == slice.byteCount)
          }
        }
      }
      let told = recorder.all.filter {
        if case .ringUnavailable = $0 { true } else { false }
      }
      try #require(told == [.ringUnavailable(.refused(errno: errno))])
      let cold = ColdTransferTests()
      try await cold.everyRouteBringsTheFiles(ColdTransferTests.onDisk[0])
    }
  }

  /// Thousands of sends, and hundreds that are cancelled, in a process that then has as many
  /// descriptors open as before, and had few threads of the kernel's.
  @Test(arguments: ["splice", "automatic"])
  func nothingIsLeftOver(way: String) async {
    await #expect(processExitsWith: .success) { [way] in
      let tests = RingTransferTests()
      let before = try openDescriptors()
      try await tests.withSlice(
        2 << 20, transport: way == "splice" ? .splice : .automatic, runtime: LogRuntime()
      ) { slice, reader in
        let small = try #require(try await reader.slice(from: .earliest, maximumByteCount: 1))
        let links = try (0..<20).map { number in
          try Link([.tcp, .socketPair, .pipe][number % 3], nonblocking: true)
        }
        let receivers = try links.map { try $0.receiver() }
        let isSplice = way == "splice"
        try await withThrowingTaskGroup { group in
          for link in links {
            group.addTask {
              for number in 0..<100 {
                try await reader.send(number % 20 == 0 ? slice : small, to: link.target)
              }
            }
          }
          try await group.waitForAll()
        }
        for round in 0..<300 {
          let link = try Link([.tcp, .socketPair, .pipe][round % 3], nonblocking: true)
          let sending = Task { try await reader.send(slice, to: link.target) }
          for _ in 0..<round % 50 { await Task.yield() }
          sending.cancel()
          _ = await sending.result
        }
        let isByRing = isSplice && ColdTransferTests.hasRing
        try #require(!isByRing || reader.statistics.ringByteCount > 0)
        try #require(try kernelThreadCount() <= 8)
        for link in links { link.closeTarget() }
        for receiver in receivers { try #require(try await receiver.bytes().count > 0) }
      }
      // The runtime's threads end when they have seen that nobody needs them.
      var after = try openDescriptors()
      for _ in 0..<1_000 where after.count > before.count {
        usleep(10_000)
        after = try openDescriptors()
      }
      let added = after.filter { !before.contains($0) }
      try #require(after.count <= before.count, "\(added) are open, and were not")
    }
  }
}

/// What the process has open, and by which numbers; but for timers, which are none of Varve's: the
/// executor of tasks makes one when it likes.
private func openDescriptors() throws -> [String] {
  let directory = "/proc/self/fd/"
  return try FileManager.default.contentsOfDirectory(atPath: directory).compactMap { number in
    let file = try? FileManager.default.destinationOfSymbolicLink(atPath: directory + number)
    // The listing's own descriptor is closed by now.
    guard let file, !file.contains("timerfd") else { return nil }
    return number + " " + file
  }
}

/// Those that carry out what a ring is asked for.
private func kernelThreadCount() throws -> Int {
  try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count { thread in
    let name = try? String(contentsOfFile: "/proc/self/task/\(thread)/comm", encoding: .utf8)
    return name?.hasPrefix("iou-wrk") == true
  }
}
