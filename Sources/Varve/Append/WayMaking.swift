internal import VarveSystem

/// Where tasks wait that append and lack something, a new segment's file, say: one thread sees to it for all
/// of a log, so that a log whose device is slow has no more than one of the threads that logs share.
final class WayMaking: Sendable {
  private struct State {
    var isUnderWay = false
    /// Those who have come since it began.
    var waiting: [WaitingTask] = []

    /// Whether the caller is to do it; he waits for whoever does otherwise.
    mutating func begin(_ task: WaitingTask) -> Bool {
      if isUnderWay { waiting.append(task) }
      defer { isUnderWay = true }
      return !isUnderWay
    }

    mutating func end() -> [WaitingTask] {
      defer { self = State() }
      return waiting
    }
  }

  private let state = Lock(State())

  /// Has `makeWay` called by one of the threads, and waits for that without holding one; or where that is under
  /// way for another, for its end: by another attempt the caller finds out whether that was of use.
  func wait(
    by threads: WorkerPool, for makeWay: @escaping @Sendable () throws(LogError) -> Void
  ) async throws(LogError) {
    let outcome = Outcome<Void>()
    outcome.set(.success(()))
    await unsafe withUnsafeContinuation { continuation in
      let task = unsafe WaitingTask(continuation)
      guard state.withLock({ $0.begin(task) }) else { return }
      threads.perform { [self] in
        do throws(LogError) { try makeWay() } catch { outcome.set(.failure(error)) }
        let waiting = state.withLock { $0.end() }
        task.wake()
        for other in waiting { other.wake() }
      }
    }
    try outcome.take()
  }
}
