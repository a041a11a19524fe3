import Testing
import Varve
import VarveSystem
import VarveTesting

/// Slices of files that the kernel knows nothing of, in a runtime without threads.
@Suite struct SimulatedTransferTests {
  private func withLog(_ body: (Log) async throws -> Void) async throws {
    let clock = ManualClock()
    let environment = LogEnvironment(
      fileSystem: SimulatedFileSystem(clock: clock), time: clock, random: SeededRandom(seed: 1))
    let runtime = LogRuntime(steppedBy: clock)
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 128 << 10
    configuration.tailWriter = .positional
    let log = try await Log.open(
      at: "/log", configuration: configuration, runtime: runtime, environment: environment)
    try FilledLog(log: log, directory: "/log").fill(400 << 10)
    try await body(log)
    try await log.close()
    // Until it was looked after, the runtime has the log, and the log the runtime.
    while runtime.step() {}
  }

  @Test(arguments: [Link.Kind.socketPair, .pipe, .tcp], [false, true])
  func slicesAreCopied(kind: Link.Kind, isNonblocking: Bool) async throws {
    try await withLog { log in
      let reader = ZeroCopyReader(log)
      let slices = try await reader.allSlices(maximumByteCount: 30_000)
      #expect(log.segments.count > 2)
      let link = try Link(kind, nonblocking: isNonblocking)
      // Nobody's thread but the task's own sends here, and it waits.
      let receiver = try link.receiver()
      for slice in slices { try await reader.send(slice, to: link.target) }
      link.closeTarget()
      let bytes = try await receiver.bytes()
      let isEqual = try await slices.bytes() == bytes
      #expect(isEqual)
      #expect(try headers(of: bytes).last?.nextOffset == log.end)
      #expect(reader.statistics.copyByteCount == bytes.count)
      #expect(reader.statistics.sendfileByteCount == 0)
    }
  }

  @Test func whatTakesAKernelIsUnsupported() async throws {
    try await withLog { log in
      let slice = try #require(try await ZeroCopyReader(log).slice(from: .earliest))
      let link = try Link(.pipe, nonblocking: false)
      let pinned = ZeroCopyReader(log, transport: .sendfile)
      await expectFailure(.unsupported) { try await pinned.send(slice, to: link.target) }
      await expectFailure(.unsupported) { try slice.withDescriptor { _, _, count in count } }
    }
  }

  @Test func aReceiverThatIsGoneIsAnError() async throws {
    try await withLog { log in
      let reader = ZeroCopyReader(log)
      let slice = try #require(try await reader.slice(from: .earliest))
      let link = try Link(.pipe, nonblocking: false)
      link.closePeer()
      await expectFailure(.disconnected) { try await reader.send(slice, to: link.target) }
    }
  }
}
