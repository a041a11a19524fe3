import Synchronization
import Testing
import VarveSystem

/// Threads that sleep until they are taken out and woken. They also run under ThreadSanitizer.
@Suite struct SleepingThreadsRaceTests {
  /// Threads that sleep, and what they leave behind when they go on.
  private final class Dormitory: Sendable {
    let sleeping = SleepingThreads()
    let bedCount = Lock(0)
    let woken = Lock<[Int]>([])

    /// Puts threads to sleep, one after the other.
    func fill(_ numbers: Range<Int>) throws -> [OwnedThread] {
      try numbers.map { number in
        let thread = try OwnedThread(named: "varve-sleep-\(number)") { [self] in
          unsafe bedCount.acquire()
          unsafe bedCount.withHeldLock { $0 += 1 }
          sleeping.wait(releasing: bedCount)
          woken.withLock { $0.append(number) }
        }
        while bedCount.withLock({ $0 }) <= number { SystemClock().sleep(nanoseconds: 50_000) }
        return thread
      }
    }
  }

  @Test func oneIsTakenAfterTheOther() throws {
    let dormitory = Dormitory()
    let threads = try dormitory.fill(0..<5)
    for (count, thread) in threads.enumerated() {
      dormitory.bedCount.withLock { _ in dormitory.sleeping.takeOne() }.wake()
      thread.join()
      #expect(dormitory.woken.withLock { $0 } == Array(0...count))
    }
    // Nobody is left: to wake is nothing.
    dormitory.bedCount.withLock { _ in dormitory.sleeping.takeOne() }.wake()
    dormitory.bedCount.withLock { _ in dormitory.sleeping.takeAll() }.wake(atOnce: 3)
  }

  @Test(arguments: [1, 2, 3, 8, 100])
  func allAreWokenHoweverManyAtOnce(atOnce: Int) throws {
    let dormitory = Dormitory()
    let threads = try dormitory.fill(0..<11)
    dormitory.bedCount.withLock { _ in dormitory.sleeping.takeAll() }.wake(atOnce: atOnce)
    for thread in threads { thread.join() }
    #expect(dormitory.woken.withLock { $0.sorted() } == Array(0..<11))
  }

  /// Who comes to sleep after others were taken out is not woken with them.
  @Test func whoComesLaterSleepsOn() throws {
    let dormitory = Dormitory()
    let first = try dormitory.fill(0..<3)
    let taken = dormitory.bedCount.withLock { _ in dormitory.sleeping.takeAll() }
    let second = try dormitory.fill(3..<6)
    taken.wake(atOnce: 2)
    for thread in first { thread.join() }
    #expect(dormitory.woken.withLock { $0.sorted() } == [0, 1, 2])
    dormitory.bedCount.withLock { _ in dormitory.sleeping.takeAll() }.wake(atOnce: 2)
    for thread in second { thread.join() }
    #expect(dormitory.woken.withLock { $0.sorted() } == Array(0..<6))
  }

  /// Rounds of threads that sleep until all have come, and are woken by the last one.
  @Test func roundsFollowEachOther() throws {
    final class Round: Sendable {
      let sleeping = SleepingThreads()
      let state = Lock((come: 0, round: 0))
      let sums = Lock<[Int: Int]>([:])

      /// Returns the number of the round that all have come to.
      func meet(_ count: Int) -> Int {
        unsafe state.acquire()
        let round = unsafe state.withHeldLock { state in
          state.come += 1
          return state.round
        }
        guard unsafe state.withHeldLock({ $0.come }) == count else {
          sleeping.wait(releasing: state)
          return round
        }
        unsafe state.withHeldLock { $0 = (0, round + 1) }
        let others = sleeping.takeAll()
        state.release()
        others.wake(atOnce: 2)
        return round
      }
    }
    let (round, threadCount, roundCount) = (Round(), 8, 500)
    let threads = try (0..<threadCount).map { index in
      try OwnedThread(named: "varve-round-\(index)") {
        for number in 0..<roundCount {
          let met = round.meet(threadCount)
          round.sums.withLock { $0[met, default: 0] += met == number ? 1 : 1_000 }
        }
      }
    }
    for thread in threads { thread.join() }
    let sums = round.sums.withLock { $0 }
    #expect(sums.count == roundCount)
    #expect(sums.values.allSatisfy { $0 == threadCount })
  }
}
