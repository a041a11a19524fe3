internal import VarveSystem

/// What a thread has to say to the task that waits for it.
///
/// Under a lock, though the task goes on only after it is there: ThreadSanitizer does not see the
/// way that leads over a continuation which was resumed before its task had begun to wait.
final class Outcome<Value: Sendable>: Sendable {
  private let result = Lock<Result<Value, LogError>?>(nil)

  func set(_ outcome: Result<Value, LogError>) { result.withLock { $0 = outcome } }

  /// Takes what was set out: whoever set it may hold on to this object for a moment, and is not to keep
  /// a slice with it that its owner has let go of.
  ///
  /// - Throws: What was set; `cancelled` where nothing was.
  func take() throws(LogError) -> Value {
    guard let result = result.withLock({ $0.take() }) else {
      throw LogError(.cancelled, "there is no outcome")
    }
    return try result.get()
  }
}
