internal import VarveSystem

/// Where tasks wait that append and lack something, a new segment's file, say: one of them sees to it for all,
/// so that a log whose device is slow has no more than one of the threads that logs share.
final class WayMaking: Sendable {
  private struct State {
    var isUnderWay = false
    /// Those who have come since it began.
    var waiting: [WaitingTask] = []
  }

  private let state = Lock(State())

  /// Calls `makeWay`, or where that is under way for another, waits for its end: by another attempt the caller
  /// finds out whether that was of use.
  func wait(for makeWay: () async throws(LogError) -> Void) async throws(LogError) {
    guard begin() else { return await waitForEnd() }
    defer { end() }
    try await makeWay()
  }

  private func begin() -> Bool {
    state.withLock { state in
      defer { state.isUnderWay = true }
      return !state.isUnderWay
    }
  }

  private func waitForEnd() async {
    await unsafe withUnsafeContinuation { continuation in
      let task = unsafe WaitingTask(continuation)
      let isOver = state.withLock { state in
        if state.isUnderWay { state.waiting.append(task) }
        return !state.isUnderWay
      }
      if isOver { task.wake() }
    }
  }

  private func end() {
    let waiting = state.withLock { state in
      defer { state = State() }
      return state.waiting
    }
    for task in waiting { task.wake() }
  }
}
