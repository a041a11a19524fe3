internal import Synchronization
internal import VarveSystem

/// Who waits for one of the log's ends to move.
///
/// An append looks at one number, and does more only where somebody waits.
final class TailWaiters: Sendable {
  private struct Waiter {
    let task: WaitingTask
    /// When it goes on without; nil if it waits as long as that takes.
    let deadline: Int64?
  }

  private struct State {
    var waiting: [Int: Waiter] = [:]
    var lastKey = 0
    var ending: LogError?
  }

  private let waitingCount = Atomic<Int>(0)
  private let state = Lock(State())

  /// Wakes those who wait, if any do. To be called after the new end has been stored, with
  /// sequential consistency.
  @inline(__always)
  func wakeIfAny() {
    if waitingCount.load(ordering: .sequentiallyConsistent) > 0 { wakeAll() }
  }

  /// Wakes everyone for good: nothing more will come. The first reason for that is the one that holds.
  func end(_ reason: LogError) {
    state.withLock { $0.ending = $0.ending ?? reason }
    wakeAll()
  }

  /// How many wait.
  var count: Int { waitingCount.load(ordering: .relaxed) }

  var isAnyoneWaiting: Bool { count > 0 }

  /// Why nothing more will come; nil where it may.
  var ending: LogError? { state.withLock { $0.ending } }

  /// Wakes those whose time has come, and returns when that of the next one is.
  func wakeDue(now: Int64) -> Int64? {
    guard isAnyoneWaiting else { return nil }
    let (due, next) = state.withLock { state in
      let due = state.waiting.filter { ($0.value.deadline ?? .max) <= now }
      for key in due.keys { state.waiting[key] = nil }
      waitingCount.store(state.waiting.count, ordering: .relaxed)
      return (Array(due.values), state.waiting.values.lazy.compactMap(\.deadline).min())
    }
    for waiter in due { waiter.task.wake() }
    return next
  }

  @inline(never)
  private func wakeAll() {
    let woken = state.withLock { state in
      defer { state.waiting.removeAll(keepingCapacity: true) }
      waitingCount.store(0, ordering: .relaxed)
      return Array(state.waiting.values)
    }
    // Outside the lock: a continuation may run on this very thread.
    for waiter in woken { waiter.task.wake() }
  }

  /// Waits until the end moves, or there is no more to come, or it is time, or the task is cancelled.
  /// Returns at once where `isDue` says so after this has begun to wait: what came before then is not
  /// heard.
  ///
  /// - Parameter deadline: A time of ``wakeDue(now:)``.
  func wait(until deadline: Int64? = nil, unless isDue: @Sendable () -> Bool) async {
    let key = state.withLock { state in
      state.lastKey += 1
      return state.lastKey
    }
    await withTaskCancellationHandler {
      await unsafe withUnsafeContinuation { continuation in
        let task = unsafe WaitingTask(continuation)
        guard begin(key, Waiter(task: task, deadline: deadline)) else { return task.wake() }
        if isDue() || Task.isCancelled { wake(key) }
      }
    } onCancel: {
      wake(key)
    }
    // For ThreadSanitizer, which does not see that whoever woke this task comes before it.
    state.withLock { _ in }
  }

  private func begin(_ key: Int, _ waiter: Waiter) -> Bool {
    state.withLock { state in
      guard state.ending == nil else { return false }
      state.waiting[key] = waiter
      // Before the caller looks again at what it waits for.
      waitingCount.store(state.waiting.count, ordering: .sequentiallyConsistent)
      return true
    }
  }

  private func wake(_ key: Int) {
    let waiter = state.withLock { state in
      defer { waitingCount.store(state.waiting.count, ordering: .relaxed) }
      return state.waiting.removeValue(forKey: key)
    }
    waiter?.task.wake()
  }
}
