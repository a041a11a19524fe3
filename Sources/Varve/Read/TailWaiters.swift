internal import Synchronization
internal import VarveSystem

/// Who waits for the log to grow.
///
/// An append looks at one number, and does more only where somebody waits.
final class TailWaiters: Sendable {
  private struct State {
    var waiting: [Int: WaitingTask] = [:]
    var lastKey = 0
    var isClosed = false
  }

  private let count = Atomic<Int>(0)
  private let state = Lock(State())

  /// Wakes those who wait, if any do. To be called after the new end has been stored, with
  /// sequential consistency.
  @inline(__always)
  func wakeIfAny() {
    if count.load(ordering: .sequentiallyConsistent) > 0 { wakeAll() }
  }

  /// Wakes everyone for good: nothing more will come.
  func close() {
    state.withLock { $0.isClosed = true }
    wakeAll()
  }

  var isAnyoneWaiting: Bool { count.load(ordering: .relaxed) > 0 }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  @inline(never)
  private func wakeAll() {
    let woken = state.withLock { state in
      defer { state.waiting.removeAll(keepingCapacity: true) }
      count.store(0, ordering: .relaxed)
      return Array(state.waiting.values)
    }
    // Outside the lock: a continuation may run on this very thread.
    for waiter in woken { waiter.wake() }
  }

  /// Waits until something is appended, or the log is closed, or the task is cancelled. Returns at
  /// once where `isDue` says so after this has begun to wait: what came before then is not heard.
  func wait(unless isDue: @Sendable () -> Bool) async {
    let key = state.withLock { state in
      state.lastKey += 1
      return state.lastKey
    }
    await withTaskCancellationHandler {
      await unsafe withUnsafeContinuation { continuation in
        let waiter = unsafe WaitingTask(continuation)
        guard begin(key, waiter) else { return waiter.wake() }
        if isDue() || Task.isCancelled { wake(key) }
      }
    } onCancel: {
      wake(key)
    }
    // For ThreadSanitizer, which does not see that whoever woke this task comes before it.
    state.withLock { _ in }
  }

  private func begin(_ key: Int, _ waiter: WaitingTask) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      state.waiting[key] = waiter
      // Before the caller looks again at what it waits for.
      count.store(state.waiting.count, ordering: .sequentiallyConsistent)
      return true
    }
  }

  private func wake(_ key: Int) {
    let waiter = state.withLock { state in
      defer { count.store(state.waiting.count, ordering: .relaxed) }
      return state.waiting.removeValue(forKey: key)
    }
    waiter?.wake()
  }
}
