internal import VarveSystem

/// Lets a task go on once all of its transfers are over.
///
/// What they leave behind is left under its lock: ThreadSanitizer does not see the way that leads over
/// a continuation which was resumed before its task had begun to wait.
final class Countdown: Sendable {
  private struct State {
    var count: Int
    var task: WaitingTask?
  }

  private let state: Lock<State>

  init(_ count: Int) { state = Lock(State(count: count)) }

  /// The task begins to wait.
  func wait(_ task: WaitingTask) { state.withLock { $0.task = task } }

  /// One more is over: `conclude` says what is left to say of it.
  func countDown(_ conclude: () -> Void) {
    let task = state.withLock { state in
      conclude()
      state.count -= 1
      return state.count == 0 ? state.task : nil
    }
    task?.wake()
  }

  /// Looks at what was left. For the task, once it goes on.
  func look<Value>(_ body: () -> Value) -> Value { state.withLock { _ in body() } }
}
