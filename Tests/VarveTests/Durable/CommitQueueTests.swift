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

  /// Whoever comes to wait only once the log was cut, and others have taken the place of what it had.
  @Test func whatIsCutOffIsNotMadeUpFor() async {
    let queue = CommitQueue(durable: mark(0))
    let before = queue.cutCount
    queue.cut(to: mark(5))
    queue.advance(to: mark(12))
    for (offset, cutCount, outcome) in [
      (10, before, .cutCommit), (5, before, nil), (10, queue.cutCount, nil),
    ] as [(Offset, Int, LogError?)] {
      let failure = await asyncError { try await queue.wait(for: offset, cutCount) {} }
      #expect(failure == outcome)
      let other = error {
        try queue.wait(for: offset, cutCount, handOver: {}) { () throws(LogError) in mark(12) }
      }
      #expect(other == outcome)
    }
  }

  /// What is to be done alone is done between two syncs, whoever leads them.
  @Test func aloneBetweenSyncs() async throws {
    let queue = CommitQueue(durable: mark(0))
    let gate = Gate()
    let steps = Lock<[String]>([])
    let lead = { @Sendable () -> Void in
      queue.lead { () throws(LogError) in
        steps.withLock { $0.append("sync") }
        return self.mark(9)
      }
    }
    let isSynced = Gate()
    isSynced.open()
    try OwnedThread.detached(named: "first") {
      try? queue.wait(for: 1, handOver: lead) { () throws(LogError) in
        gate.pass()
        return mark(1)
      }
      isSynced.pass()
    }
    await gate.arrivals(1)
    let alone = Task {
      await doAlone(queue, lead) { () throws(LogError) in steps.withLock { $0.append("alone") } }
    }
    let other = Task { await asyncError { try await queue.wait(for: 9, handOver: lead) } }
    // So that both have most likely come.
    for _ in 0..<100 { await Task.yield() }
    #expect(steps.withLock { $0 } == [])
    gate.open()
    #expect(await alone.value == nil)
    #expect(await other.value == nil)
    await isSynced.arrivals(1)
    #expect(steps.withLock { $0.sorted() } == ["alone", "sync"])
  }

  /// What keeps it from being done is told: its own error, and the queue's end.
  @Test func aloneInVain() async {
    let queue = CommitQueue(durable: mark(0))
    let lead = { @Sendable () -> Void in queue.lead { () throws(LogError) in self.mark(1) } }
    let full = LogError(.full, "no space")
    let failure = await doAlone(queue, lead) { () throws(LogError) in throw full }
    #expect(failure == full && queue.failure == nil && queue.durableEnd == 0)
    // Nobody leads any more who would do it.
    #expect(queue.beginLeading())
    let late = Task { await doAlone(queue, {}) {} }
    for _ in 0..<100 { await Task.yield() }
    queue.fail(closed)
    #expect(await late.value == closed)
    let tooLate = await doAlone(queue, {}) {}
    #expect(tooLate == closed)
  }

  /// A sync that a policy asked for comes about, though something is done alone before it.
  @Test func aSyncForNobodyIsNotForgotten() async {
    let queue = CommitQueue(durable: mark(0))
    #expect(queue.beginLeading())
    let isDone = Lock(false)
    let alone = Task {
      await doAlone(queue, {}) { () throws(LogError) in isDone.withLock { $0 = true } }
    }
    while !queue.hasDuties { await Task.yield() }
    queue.lead { () throws(LogError) in
      #expect(isDone.withLock { $0 })
      return mark(3)
    }
    #expect(await alone.value == nil)
    #expect(queue.durableEnd == 3)
    #expect(queue.beginLeading(), "nobody leads any more")
  }

  private func doAlone(
    _ queue: CommitQueue, _ lead: @escaping @Sendable () -> Void,
    _ body: @escaping @Sendable () throws(LogError) -> Void
  ) async -> LogError? {
    do throws(LogError) {
      try await queue.alone(handOver: lead, body)
      return nil
    } catch {
      return error
    }
  }
}

extension CommitQueue {
  /// Whether somebody waits for something to be done while nobody syncs.
  fileprivate var hasDuties: Bool { state.withLock { $0.hasDuties } }
}
