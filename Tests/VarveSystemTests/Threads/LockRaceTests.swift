import Synchronization
import Testing
import VarveSystem

/// Threads that want the same thing. They also run under ThreadSanitizer.
@Suite struct LockRaceTests {
  private static let threads = 8

  /// Runs `body` on eight threads at once, and returns when all are done.
  private func race(_ body: @escaping @Sendable (_ thread: Int) -> Void) throws {
    let threads = try (0..<Self.threads).map { index in
      try OwnedThread(named: "varve-race-\(index)") { body(index) }
    }
    for thread in threads { thread.join() }
  }

  @Test func oneAtATime() throws {
    final class Shared: Sendable { let lock = Lock((sum: 0, isTaken: false, mistakes: 0)) }
    let shared = Shared()
    try race { _ in
      for _ in 0..<10_000 {
        shared.lock.withLock { state in
          if state.isTaken { state.mistakes += 1 }
          state.isTaken = true
          state.sum += 1
          state.isTaken = false
        }
      }
    }
    let (sum, isTaken, mistakes) = shared.lock.withLock { $0 }
    #expect(sum == Self.threads * 10_000)
    #expect(mistakes == 0)
    #expect(!isTaken)
  }

  @Test func whoCannotWaitGoesOn() throws {
    final class Shared: Sendable {
      let lock = Lock(0)
      let taken = Atomic(0)
      let refused = Atomic(0)
    }
    let shared = Shared()
    try race { _ in
      for _ in 0..<10_000 {
        if shared.lock.withLockIfAvailable({ $0 += 1 }) != nil {
          shared.taken.add(1, ordering: .relaxed)
        } else {
          shared.refused.add(1, ordering: .relaxed)
        }
      }
    }
    let taken = shared.taken.load(ordering: .relaxed)
    #expect(shared.lock.withLock { $0 } == taken)
    #expect(taken + shared.refused.load(ordering: .relaxed) == Self.threads * 10_000)
    #expect(taken > 0)
  }

  /// Half of the threads put numbers in, half take them out: none is lost, none comes twice.
  @Test func wakingOneAfterTheOther() throws {
    final class Queue: Sendable {
      let numbers = Lock<[Int]>([])
      let added = Condition()
      let taken = Lock<[Int]>([])
    }
    let queue = Queue()
    let count = 2_000
    try race { thread in
      for round in 0..<count {
        if thread.isMultiple(of: 2) {
          queue.numbers.withLock { $0.append(thread * count + round) }
          queue.added.wakeOne()
        } else {
          let number = queue.numbers.withLock { numbers in
            while numbers.isEmpty { queue.added.wait(in: queue.numbers) }
            return numbers.removeLast()
          }
          queue.taken.withLock { $0.append(number) }
        }
      }
    }
    let expected = [0, 2, 4, 6].flatMap { $0 * count..<($0 + 1) * count }
    let taken = queue.taken.withLock { $0.sorted() }
    #expect(taken == expected)
    #expect(queue.numbers.withLock { $0.isEmpty })
  }

  /// The last to arrive lets everyone go, again and again.
  @Test func wakingAll() throws {
    final class Barrier: Sendable {
      let state = Lock((arrived: 0, round: 0))
      let passed = Condition()
      let sums = Lock(Array(repeating: 0, count: 200))
      let mistakes = Lock(0)
    }
    let barrier = Barrier()
    try race { _ in
      for round in 0..<200 {
        barrier.sums.withLock { $0[round] += 1 }
        barrier.state.withLock { state in
          state.arrived += 1
          if state.arrived == Self.threads {
            state = (0, round + 1)
            barrier.passed.wakeAll()
          }
          while state.round == round { barrier.passed.wait(in: barrier.state) }
        }
        let isWhole = barrier.sums.withLock { $0[round] == Self.threads }
        if !isWhole { barrier.mistakes.withLock { $0 += 1 } }
      }
    }
    #expect(barrier.mistakes.withLock { $0 } == 0)
    #expect(barrier.sums.withLock { $0.allSatisfy { $0 == Self.threads } })
  }

  /// Deadlines that come while others wake: whoever leaves holds the lock again.
  @Test func deadlinesAmongWakes() throws {
    final class Shared: Sendable {
      let lock = Lock((inside: 0, mistakes: 0))
      let condition = Condition()
    }
    let shared = Shared()
    let clock = SystemClock()
    try race { thread in
      for round in 0..<300 {
        shared.lock.withLock { state in
          let until = clock.monotonicNanoseconds + Int64(round % 3) * 50_000
          _ = shared.condition.wait(in: shared.lock, until: until)
          state.inside += 1
          if state.inside != 1 { state.mistakes += 1 }
          state.inside -= 1
        }
        if thread.isMultiple(of: 2) {
          shared.condition.wakeOne()
        } else {
          shared.condition.wakeAll()
        }
      }
    }
    #expect(shared.lock.withLock { $0.mistakes } == 0)
    #expect(shared.lock.withLock { $0.inside } == 0)
  }

  /// What a thread did before it ended is seen by whoever joined it, without any lock.
  @Test func joiningWaits() throws {
    // SAFETY: one thread stores; the other loads after it has joined the first.
    final class Box: @unchecked Sendable {
      var values: [Int] = []
    }
    for _ in 0..<50 {
      let box = Box()
      let thread = try OwnedThread(named: "varve-race") { box.values = Array(0..<100) }
      thread.join()
      #expect(box.values.count == 100)
    }
  }
}
