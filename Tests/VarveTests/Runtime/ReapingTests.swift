import Dispatch
import Synchronization
import Testing

@testable import Varve

/// What is let go of by other threads.
@Suite struct ReapingTests {
  /// Counts those that are there.
  private final class Part: Sendable {
    private let count: Counter

    init(_ count: Counter) {
      self.count = count
      count.value.add(1, ordering: .relaxed)
    }

    deinit { count.value.subtract(1, ordering: .relaxed) }
  }

  private final class Counter: Sendable {
    let value = Atomic<Int>(0)
    var now: Int { value.load(ordering: .acquiring) }
  }

  /// Where the threads are held up, no more waits for them than may have its files open.
  @Test func notMuchWaits() {
    let runtime = LogRuntime()
    let (count, hold, held) = (Counter(), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    for _ in 0..<LogLimits.workerCount {
      runtime.workers.perform {
        held.signal()
        hold.wait()
      }
    }
    for _ in 0..<LogLimits.workerCount { held.wait() }
    for _ in 0..<1000 { runtime.reap(Part(count)) }
    #expect(count.now == LogLimits.reapedCount)
    for _ in 0..<LogLimits.workerCount { hold.signal() }
    // Jobs of one weight are done in their order, by two threads.
    let done = DispatchSemaphore(value: 0)
    while count.now > 0 {
      runtime.workers.perform { done.signal() }
      done.wait()
    }
    // And then as much may wait again.
    runtime.reap(Part(count))
    while count.now > 0 {
      runtime.workers.perform { done.signal() }
      done.wait()
    }
  }
}
