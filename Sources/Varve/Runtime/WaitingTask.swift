// SAFETY: a continuation is resumed exactly once: whoever takes the waiting task out of its table, or
// does not put it in, wakes it.
/// A task that waits to be woken.
@safe
struct WaitingTask: Sendable {
  private let continuation: UnsafeContinuation<Void, Never>

  init(_ continuation: UnsafeContinuation<Void, Never>) {
    unsafe self.continuation = continuation
  }

  func wake() { unsafe continuation.resume() }
}
