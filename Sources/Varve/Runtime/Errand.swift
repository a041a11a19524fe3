internal import VarveSystem

/// What a thread does for a task that waits for it.
///
/// By the time that the task goes on, the thread holds nothing any more of what it was given or has found:
/// a slice that its owner lets go of then is gone.
final class Errand<Value: Sendable>: Sendable {
  typealias Body = @Sendable () throws(LogError) -> Value

  private let body: Lock<Body?>
  let outcome = Outcome<Value>()

  init(_ body: @escaping Body) { self.body = Lock(body) }

  /// Does it, once.
  func carryOut() {
    guard let body = body.withLock({ $0.take() }) else { return }
    do throws(LogError) { outcome.set(.success(try body())) } catch { outcome.set(.failure(error)) }
  }
}
