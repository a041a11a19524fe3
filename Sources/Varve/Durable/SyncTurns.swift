internal import VarveSystem

/// What threads wait for who want something synced.
///
/// Those whom one sync serves wait apart from those who have come since: to wake a thread that has to
/// go to sleep again costs as much as to wake one that is served, and there are as many of them.
///
/// Whoever is taken out has to be woken: what takes somebody out, within the lock, returns that.
struct SyncTurns: ~Copyable {
  /// Of two syncs, one is odd: while one runs, nobody comes to wait but for the next one.
  private let even = SleepingThreads()
  private let odd = SleepingThreads()
  /// Those have come whom whoever leads waits for.
  private let arrivals = Condition()
  /// Nobody leads any more, or nothing becomes durable any more.
  private let ending = Condition()
}

extension SyncTurns {
  /// Gives back the lock, and waits.
  borrowing func wait<State: ~Copyable>(for sync: Int, releasing lock: borrowing Lock<State>) {
    if sync.isMultiple(of: 2) { even.wait(releasing: lock) } else { odd.wait(releasing: lock) }
  }

  borrowing func waitForEnding<State: ~Copyable>(in lock: borrowing Lock<State>) {
    ending.wait(in: lock)
  }

  /// Those whom a sync has served.
  borrowing func takeAll(of sync: Int) -> SleepingThreads.Taken {
    sync.isMultiple(of: 2) ? even.takeAll() : odd.takeAll()
  }

  /// One of those who wait for a sync, to lead it.
  borrowing func takeOne(of sync: Int) -> SleepingThreads.Taken {
    sync.isMultiple(of: 2) ? even.takeOne() : odd.takeOne()
  }

  /// False once the time has come.
  borrowing func waitForArrivals<State: ~Copyable>(
    in lock: borrowing Lock<State>, until nanoseconds: Int64
  ) -> Bool {
    arrivals.wait(in: lock, until: nanoseconds)
  }

  borrowing func wakeArrivals() { arrivals.wakeOne() }
  borrowing func wakeEnding() { ending.wakeAll() }

  /// Wakes all who wait for anything. Within the lock.
  borrowing func wakeEveryone() {
    even.takeAll().wake()
    odd.takeAll().wake()
    ending.wakeAll()
  }
}
