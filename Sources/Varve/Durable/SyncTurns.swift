internal import VarveSystem

/// What threads wait for who want something synced.
///
/// Those whom one sync serves wait apart from those who have come since: to wake a thread that has to
/// go to sleep again costs as much as to wake one that is served, and there are as many of them.
struct SyncTurns: ~Copyable {
  /// Of two syncs, one is odd: while one runs, nobody comes to wait but for the next one.
  private let even = Condition()
  private let odd = Condition()
  /// Those have come whom whoever leads waits for.
  private let arrivals = Condition()
  /// Nobody leads any more, or nothing becomes durable any more.
  private let ending = Condition()
}

extension SyncTurns {
  /// Waits within a lock. May return without a reason.
  borrowing func wait<State: ~Copyable>(for sync: Int, in lock: borrowing Lock<State>) {
    if sync.isMultiple(of: 2) { even.wait(in: lock) } else { odd.wait(in: lock) }
  }

  borrowing func waitForEnding<State: ~Copyable>(in lock: borrowing Lock<State>) {
    ending.wait(in: lock)
  }

  /// Wakes those whom a sync has served.
  borrowing func wakeAll(of sync: Int) {
    if sync.isMultiple(of: 2) { even.wakeAll() } else { odd.wakeAll() }
  }

  /// Wakes one of those who wait for a sync, to lead it.
  borrowing func wakeOne(of sync: Int) {
    if sync.isMultiple(of: 2) { even.wakeOne() } else { odd.wakeOne() }
  }

  /// False once the time has come.
  borrowing func waitForArrivals<State: ~Copyable>(
    in lock: borrowing Lock<State>, until nanoseconds: Int64
  ) -> Bool {
    arrivals.wait(in: lock, until: nanoseconds)
  }

  borrowing func wakeArrivals() { arrivals.wakeOne() }
  borrowing func wakeEnding() { ending.wakeAll() }

  borrowing func wakeEveryone() {
    even.wakeAll()
    odd.wakeAll()
    ending.wakeAll()
  }
}
