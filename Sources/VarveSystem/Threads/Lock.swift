internal import CVarveSystem

// SAFETY: the state is reached within `withLock` alone, which holds the mutex; both live at fixed
// places until deinit, when nobody else has the lock any more.
/// A state that one thread at a time may reach.
///
/// Over pthread's mutex in all builds: ThreadSanitizer does not understand `Synchronization.Mutex`
/// on Linux. What is done under a lock must not block on a device.
@safe
package struct Lock<State: ~Copyable>: ~Copyable, @unchecked Sendable {
  @usableFromInline let mutex: UnsafeMutableRawPointer
  @usableFromInline let state: UnsafeMutablePointer<State>

  package init(_ initial: consuming State) {
    // In one piece, of which a log has one for each of its segments.
    let stateOffset = Self.stateOffset
    unsafe mutex = UnsafeMutableRawPointer.allocate(
      byteCount: stateOffset + MemoryLayout<State>.size,
      alignment: max(Self.mutexAlignment, MemoryLayout<State>.alignment))
    // Fails for want of memory at the most, as does any allocation.
    let result = unsafe varve_mutex_init(mutex)
    precondition(result == 0, "no mutex: errno \(-result)")
    unsafe state = (mutex + stateOffset).bindMemory(to: State.self, capacity: 1)
    unsafe state.initialize(to: initial)
  }

  deinit {
    unsafe state.deinitialize(count: 1)
    unsafe varve_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  private static var mutexAlignment: Int { 16 }

  /// Where the state lies behind the mutex.
  private static var stateOffset: Int {
    let alignment = MemoryLayout<State>.alignment
    return (varve_mutex_size() + alignment - 1) / alignment * alignment
  }

  /// Calls `body` with the state, alone.
  @inlinable @inline(__always)
  package borrowing func withLock<Result: ~Copyable, E: Error>(
    _ body: (inout State) throws(E) -> Result
  ) throws(E) -> Result {
    unsafe acquire()
    defer { release() }
    return try unsafe body(&state.pointee)
  }

  /// Calls `body` with the state, unless another thread has it.
  @inlinable
  package borrowing func withLockIfAvailable<Result, E: Error>(
    _ body: (inout State) throws(E) -> Result
  ) throws(E) -> Result? {
    guard tryAcquire() else { return nil }
    defer { release() }
    return try unsafe body(&state.pointee)
  }

  /// Waits for the lock and returns the state, which is the caller's until ``release()``. For the
  /// one place where a closure would not do: it cannot capture what does not escape.
  @unsafe @discardableResult
  package borrowing func acquire() -> UnsafeMutablePointer<State> {
    unsafe varve_mutex_lock(mutex)
    return unsafe state
  }

  /// Calls `body` with the state, for a thread that holds the lock by ``acquire()``.
  @unsafe @inlinable
  package borrowing func withHeldLock<Result, E: Error>(
    _ body: (inout State) throws(E) -> Result
  ) throws(E) -> Result {
    try unsafe body(&state.pointee)
  }

  @usableFromInline
  borrowing func tryAcquire() -> Bool { unsafe varve_mutex_try_lock(mutex) == 1 }

  /// Gives back what ``acquire()`` took.
  package borrowing func release() { unsafe varve_mutex_unlock(mutex) }
}

// SAFETY: the condition lives at a fixed place until deinit, and pthread's conditions may be used by
// any thread.
/// What threads wait for while they hold a lock.
@safe
package struct Condition: ~Copyable, @unchecked Sendable {
  private let condition: UnsafeMutableRawPointer

  package init() {
    unsafe condition = UnsafeMutableRawPointer.allocate(
      byteCount: varve_condition_size(), alignment: 16)
    let result = unsafe varve_condition_init(condition)
    precondition(result == 0, "no condition: errno \(-result)")
  }

  deinit {
    unsafe varve_condition_destroy(condition)
    unsafe condition.deallocate()
  }

  /// Waits within `lock`, which this thread holds, until it is woken. May return without a reason.
  package borrowing func wait<State: ~Copyable>(in lock: borrowing Lock<State>) {
    unsafe varve_condition_wait(condition, lock.mutex)
  }

  /// The same, until a time of the monotonic clock at the latest; false if that has come.
  package borrowing func wait<State: ~Copyable>(
    in lock: borrowing Lock<State>, until nanoseconds: Int64
  ) -> Bool {
    unsafe varve_condition_wait_until(condition, lock.mutex, nanoseconds) == 1
  }

  package borrowing func wakeOne() { unsafe varve_condition_signal(condition) }
  package borrowing func wakeAll() { unsafe varve_condition_broadcast(condition) }
}
