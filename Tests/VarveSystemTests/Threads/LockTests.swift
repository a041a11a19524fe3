import Testing
import VarveSystem

@Suite struct LockTests {
  struct Refusal: Error, Equatable {}

  /// Whether another thread could take the lock now: the mutex may not be tried by its holder.
  private func isFree(_ shared: Shared) throws -> Bool {
    let answer = Lock(false)
    let thread = try OwnedThread(named: "varve-test") {
      let isFree = shared.lock.withLockIfAvailable { _ in true } ?? false
      answer.withLock { $0 = isFree }
    }
    thread.join()
    return answer.withLock { $0 }
  }

  private final class Shared: Sendable {
    let lock = Lock(0)
    let condition = Condition()
  }

  @Test func bodiesChangeTheStateAndReturn() throws {
    let shared = Shared()
    let old = shared.lock.withLock { state in
      defer { state = 5 }
      return state
    }
    #expect(old == 0)
    #expect(shared.lock.withLock { $0 } == 5)
    #expect(shared.lock.withLockIfAvailable { $0 } == 5)
    #expect(try isFree(shared))
  }

  @Test func whatIsTakenIsNotAvailable() throws {
    let shared = Shared()
    let isFree = try shared.lock.withLock { _ in try self.isFree(shared) }
    #expect(!isFree)
    let isFreeWhileTried = try shared.lock.withLockIfAvailable { _ in try self.isFree(shared) }
    #expect(isFreeWhileTried == false)
    #expect(try self.isFree(shared))
  }

  @Test func aBodyThatThrowsLeavesTheLock() throws {
    let shared = Shared()
    #expect(throws: Refusal()) {
      try shared.lock.withLock { state throws(Refusal) in
        state = 1
        throw Refusal()
      }
    }
    #expect(try isFree(shared))
    #expect(throws: Refusal()) {
      try shared.lock.withLockIfAvailable { state throws(Refusal) in
        state += 1
        throw Refusal()
      }
    }
    #expect(try isFree(shared))
    // What was done until then is done.
    #expect(shared.lock.withLock { $0 } == 2)
  }

  /// A state that cannot be copied, and says when it ends.
  private struct Token: ~Copyable {
    let ended: Lock<Int>.Reference
    var value = 0
    deinit { ended.lock.withLock { $0 += 1 } }
  }

  @Test func statesNeedNoCopies() {
    let ended = Lock<Int>.Reference(0)
    do {
      let lock = Lock(Token(ended: ended))
      lock.withLock { $0.value = 3 }
      #expect(lock.withLock { $0.value } == 3)
      // Exchanged, not copied.
      let old = lock.withLock { state in
        let old = state
        state = Token(ended: ended, value: 4)
        return old
      }
      let (first, second) = (old.value, lock.withLock { $0.value })
      #expect(first == 3)
      #expect(second == 4)
      #expect(ended.lock.withLock { $0 } == 0)
    }
    #expect(ended.lock.withLock { $0 } == 2)
  }

  @Test func theStateEndsWithTheLock() {
    final class Watched: Sendable {}
    weak var watched: Watched?
    do {
      let object = Watched()
      watched = object
      let lock = Lock(object)
      #expect(lock.withLock { $0 === object })
    }
    #expect(watched == nil)
  }

  // MARK: Conditions

  @Test func aDeadlineThatHasComeIsSaid() {
    let shared = Shared()
    let now = SystemClock().monotonicNanoseconds
    for deadline in [now - 1, 1_999_999_999, 1, 0, -1, -1_500_000_000, .min] {
      let wasWoken = shared.lock.withLock { _ in
        // A wait may return without a reason, but not for ever.
        (0..<1_000).allSatisfy { _ in shared.condition.wait(in: shared.lock, until: deadline) }
      }
      #expect(!wasWoken, "\(deadline)")
    }
    #expect(shared.lock.withLockIfAvailable { _ in true } == true)
  }

  @Test(arguments: [Int64.max, 1 << 60]) func aDeadlineFarOffDoesNotCome(deadline: Int64) throws {
    let shared = Shared()
    let thread = try RunningThread {
      shared.lock.withLock { state in
        while state == 0 {
          // -1: a deadline that came.
          if !shared.condition.wait(in: shared.lock, until: deadline) { state = -1 }
        }
      }
    }
    try thread.waitUntilItSleeps()
    shared.lock.withLock { if $0 == 0 { $0 = 1 } }
    shared.condition.wakeAll()
    thread.join()
    #expect(shared.lock.withLock { $0 } == 1)
  }

  /// While one waits, another may have the lock.
  @Test func waitingLeavesTheLock() throws {
    let shared = Shared()
    let thread = try RunningThread {
      shared.lock.withLock { state in
        state = 1
        while state != 2 { shared.condition.wait(in: shared.lock) }
        state = 3
      }
    }
    var hasWaited = false
    while !hasWaited {
      hasWaited = shared.lock.withLock { state in
        guard state == 1 else { return false }
        state = 2
        return true
      }
    }
    shared.condition.wakeOne()
    thread.join()
    #expect(shared.lock.withLock { $0 } == 3)
  }
}

extension Lock where State == Int {
  /// A lock that several may hold on to.
  fileprivate final class Reference: Sendable {
    let lock: Lock<Int>
    init(_ value: Int) { lock = Lock(value) }
  }
}
