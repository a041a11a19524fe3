import BenchHarness
import Synchronization
import Varve

/// A task that waits at a log's end.
final class WaitingTail {
  private let log: Log
  private let times = Times()
  private let task: Task<Void, any Error>

  private final class Times: Sendable {
    let received = Atomic<UInt64>(0)
  }

  struct NothingCame: Error {}

  init(of log: Log) throws {
    self.log = log
    task = Task.detached { [times] in
      for try await batch in log.tail(from: .latest) {
        blackHole(batch)
        times.received.store(Clock.now, ordering: .releasing)
      }
    }
    try waitUntilItListens()
  }

  /// Appends, and returns the nanoseconds until the task has it.
  func receive(_ value: UnsafeRawBufferPointer) throws -> UInt64 {
    times.received.store(0, ordering: .relaxed)
    let start = Clock.now
    try LogLoops.append(value, to: log, times: 1)
    return try received(after: start, within: 10_000_000_000) - start
  }

  func stop() throws {
    task.cancel()
    try blocking { [task] in _ = await task.result }
  }

  /// By looking, and not by being woken in turn: that would be another thread's latency.
  private func received(after start: UInt64, within nanoseconds: UInt64) throws -> UInt64 {
    while true {
      let time = times.received.load(ordering: .acquiring)
      // One from before may have come late.
      if time > start { return time }
      if Clock.now > start + nanoseconds { throw NothingCame() }
    }
  }

  /// What is appended before the task first asks is not at the end any more.
  private func waitUntilItListens() throws {
    let value = filledBuffer(1)
    defer { value.deallocate() }
    let tries = 100
    for attempt in 1...tries {
      let start = Clock.now
      try LogLoops.append(UnsafeRawBufferPointer(value), to: log, times: 1)
      do {
        _ = try received(after: start, within: 20_000_000)
        return
      } catch {
        if attempt == tries { throw error }
      }
    }
  }
}
