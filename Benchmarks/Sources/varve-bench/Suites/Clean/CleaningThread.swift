import Glibc

/// A thread that cleans a log while another one appends to it.
final class CleaningThread {
  private let outcome: Outcome
  private var thread = pthread_t()

  // SAFETY: the thread has it until it is joined.
  private final class Outcome: @unchecked Sendable {
    let clean: () throws -> Void
    var failure: (any Error)?

    init(_ clean: @escaping () throws -> Void) { self.clean = clean }
  }

  init(_ clean: @escaping () throws -> Void) throws {
    outcome = Outcome(clean)
    let code = pthread_create(
      &thread, nil,
      { outcome in
        let outcome = Unmanaged<Outcome>.fromOpaque(outcome!).takeRetainedValue()
        do { try outcome.clean() } catch { outcome.failure = error }
        return nil
      }, Unmanaged.passRetained(outcome).toOpaque())
    guard code == 0 else { throw NoThread() }
  }

  struct NoThread: Error {}

  /// Waits until it is done.
  func join() throws {
    pthread_join(thread, nil)
    if let failure = outcome.failure { throw failure }
  }
}
