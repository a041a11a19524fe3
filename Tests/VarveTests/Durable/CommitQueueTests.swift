import Testing
import VarveSystem

@testable import Varve

@Suite struct CommitQueueTests {
  private func mark(_ offset: Offset) -> DurableMark {
    DurableMark(offset: offset, segmentBase: 0, position: Int(offset.rawValue))
  }

  private let closed = LogError(.closed, "closed")

  private func end(
    _ queue: CommitQueue, _ round: () throws(LogError) -> DurableMark
  ) -> LogError? { error { try queue.end(closed, round) } }

  private func wait(
    _ queue: CommitQueue, for offset: Offset, _ round: () throws(LogError) -> DurableMark
  ) -> LogError? { error { try queue.wait(for: offset, handOver: {}, round) } }

  /// Two who close: the second one is done when the first one is, and takes nothing from those who
  /// wait.
  @Test func twoWhoEnd() async throws {
    let queue = CommitQueue(durable: mark(0))
    let waiting = Task { await asyncError { try await queue.wait(for: 5) {} } }
    let order = Lock<[Int]>([])
    let isDone = Gate()
    let first = end(queue) { () throws(LogError) in
      try? OwnedThread.detached(named: "second") {
        _ = end(queue) { () throws(LogError) in
          order.withLock { $0.append(2) }
          return queue.durable
        }
        isDone.pass()
      }
      // Time for the second one to do what it must not.
      for _ in 0..<100 where order.withLock({ $0.isEmpty }) { pause() }
      order.withLock { $0.append(1) }
      return mark(5)
    }
    #expect(first == nil)
    await isDone.arrivals(1)
    isDone.open()
    #expect(order.withLock { $0 } == [1, 2])
    #expect(await waiting.value == nil)
    #expect(queue.durableEnd == 5 && queue.failure == closed)
  }

  private func pause() { SystemClock().sleep(nanoseconds: 100_000) }

  @Test func anEndThatFails() async {
    let queue = CommitQueue(durable: mark(0))
    let failure = LogError(.device, "no")
    #expect(end(queue) { () throws(LogError) in throw failure } == failure)
    #expect(await asyncError { try await queue.wait(for: 5) {} } == closed)
    #expect(wait(queue, for: 1) { () throws(LogError) in mark(1) } == closed)
    #expect(!queue.beginLeading())
  }

  /// A thread leads for itself; tasks have another one lead, which goes on as long as they come.
  @Test func whoLeads() async {
    let queue = CommitQueue(durable: mark(0))
    #expect(wait(queue, for: 3) { () throws(LogError) in mark(3) } == nil)
    #expect(wait(queue, for: 3) { () throws(LogError) in throw closed } == nil, "durable already")
    let rounds = Lock<Int64>(3)
    let failure = await asyncError {
      try await queue.wait(for: 7) {
        // One offset a round.
        queue.lead { () throws(LogError) in
          mark(
            Offset(
              rawValue: rounds.withLock { count in
                count += 1
                return count
              }))
        }
      }
    }
    #expect(failure == nil && rounds.withLock { $0 } == 7)
    #expect(queue.beginLeading(), "nobody leads any more")
  }

  /// Rounds that do not come about end the waits that there are.
  @Test func aRoundThatFails() async {
    let queue = CommitQueue(durable: mark(0))
    let full = LogError(.full, "no space")
    let failure = await asyncError {
      try await queue.wait(for: 7) { queue.lead { () throws(LogError) in throw full } }
    }
    #expect(failure == full && queue.failure == nil)
    #expect(wait(queue, for: 7) { () throws(LogError) in throw full } == full)
    #expect(wait(queue, for: 7) { () throws(LogError) in mark(9) } == nil)
  }
}
