import Synchronization
import Testing
import VarveSystem

@testable import Varve

/// Tasks that say how far they have come, beside somebody who forgets positions.
@Suite struct WaitingCommitTests {
  private static let taskCount = 64
  /// So many that what forgets them fills several segments.
  private static let forgottenCount = 1000
  private static let patience: Int64 = 10_000_000_000

  /// Calls `body` with the positions of a store, which lie in small segments.
  private func withPositions(
    _ place: Place, _ body: (Positions, WatchedFileSystem) async throws -> Void
  ) async throws {
    try await place.withDirectory { directory in
      let disk = WatchedFileSystem()
      var configuration = LogStoreConfiguration()
      configuration.topics[Positions.defaultTopic] = place.configuration(
        segmentByteCount: 16 << 10)
      let store = try await LogStore.open(
        at: directory, configuration: configuration, runtime: LogRuntime(),
        environment: LogEnvironment(
          fileSystem: disk, time: SystemClock(), random: SystemRandom()))
      try await body(try await Positions.open(in: store), disk)
      try await store.close()
    }
  }

  private final class Begun: Sendable { let count = Atomic(0) }

  private func partition() throws -> TopicPartition {
    try #require(TopicPartition(topic: "orders", partition: 0))
  }

  private static func isSpare(_ call: WatchedFileSystem.Call) -> Bool {
    call.call == .open && LogFileNames.spareNumber(call.name) != nil
  }

  /// Who forgets needs a file that takes its time: all who commit have begun before it is there, which they could
  /// not have if each waited for him with one of the threads that tasks share.
  @Test(arguments: Place.all)
  func noTaskWaitsForWhoForgets(_ place: Place) async throws {
    let orders = try partition()
    try await withPositions(place) { positions, disk in
      for number in 0..<Self.forgottenCount {
        try positions.commit(1, for: "\(number)", of: orders)
      }
      let (gate, begun) = (Gate(), Begun())
      disk.before { call in if Self.isSpare(call) { gate.pass() } }
      let end = positions.log.end
      let forgotten = Outcome<Int>()
      let forgetting = try OwnedThread(named: "forget") {
        do throws(LogError) {
          forgotten.set(.success(try positions.forget(all: orders)))
        } catch {
          forgotten.set(.failure(error))
        }
      }
      while positions.log.end == end { await Task.yield() }
      // A thread of its own sees to it that nobody waits for ever.
      let begunInTime = Lock(0)
      let watching = try OwnedThread(named: "watch") {
        let clock = SystemClock()
        let limit = clock.monotonicNanoseconds + Self.patience
        while begun.count.load(ordering: .relaxed) < Self.taskCount,
          clock.monotonicNanoseconds < limit
        {
          clock.sleep(nanoseconds: 1_000_000)
        }
        begunInTime.withLock { $0 = begun.count.load(ordering: .relaxed) }
        gate.open()
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<Self.taskCount {
          group.addTask {
            begun.count.add(1, ordering: .relaxed)
            try await positions.commit(
              2, for: "task \(number)", of: orders, durability: .published)
          }
        }
        try await group.waitForAll()
      }
      watching.join()
      forgetting.join()
      #expect(begunInTime.withLock { $0 } == Self.taskCount)
      #expect(try forgotten.take() == Self.forgottenCount)
      #expect(positions.groups.count == Self.taskCount)
    }
  }

  /// Who does not hear that it is on the device hears where it was said.
  @Test(arguments: Place.all)
  func whatWasSaidAllTheSame(_ place: Place) async throws {
    let orders = try partition()
    try await withPositions(place) { positions, disk in
      let gate = Gate()
      disk.before { call in if call.call == .syncData { gate.pass() } }
      defer { gate.open() }
      try positions.commit(1, for: "billing", of: orders)
      let committing = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        try await positions.commit(2, for: "billing", of: orders, durability: .durable)
      }
      let failure = await asyncError { try await committing.value }
      #expect(failure?.code == .cancelled && failure?.appendedOffset == 1)
      #expect(positions.position(of: "billing", in: orders)?.offset == 2)
    }
  }
}
