internal import CVarveSystem

// SAFETY: the queue lives at a fixed place until deinit, when nobody sleeps in it any more, and is changed by
// those alone who have its lock.
/// Threads that sleep until somebody takes them out and wakes them, in the order in which they came.
///
/// Who waits for a ``Condition`` has to get its lock once more when it is woken, and all who are woken at once meet
/// there, and at whatever they do next. Here nobody gets a lock, and of many who are woken each wakes the next: so
/// that as many are under way as there are processors for, and none sleeps while others wait for what it holds.
@safe
package struct SleepingThreads: ~Copyable, @unchecked Sendable {
  private let queue: UnsafeMutableRawPointer

  package init() {
    unsafe queue = UnsafeMutableRawPointer.allocate(
      byteCount: varve_sleepers_size(), alignment: 16)
    unsafe varve_sleepers_init(queue)
  }

  deinit { unsafe queue.deallocate() }

  /// Gives back `lock`, which this thread holds, and sleeps until it is woken.
  package borrowing func wait<State: ~Copyable>(releasing lock: borrowing Lock<State>) {
    unsafe varve_sleepers_wait(queue, lock.mutex)
  }

  /// Takes out the first one. Within the lock.
  package borrowing func takeOne() -> Taken { unsafe Taken(first: varve_sleepers_take_one(queue)) }

  /// Takes out all. Within the lock.
  package borrowing func takeAll() -> Taken { unsafe Taken(first: varve_sleepers_take_all(queue)) }
}

extension SleepingThreads {
  // SAFETY: they sleep, and so their places stay, until they are woken, which is done once: by whoever took them out.
  /// Threads that were taken out, and have to be woken, once.
  @safe
  package struct Taken: @unchecked Sendable {
    fileprivate let first: UnsafeMutableRawPointer?

    /// Wakes them; best without the lock.
    ///
    /// - Parameter atOnce: How many are woken from here. Each of these wakes another one.
    package func wake(atOnce: Int = 1) {
      if let first = unsafe first { unsafe varve_sleepers_wake(first, Int32(atOnce)) }
    }
  }
}
