internal import VarveSystem

/// The segments of a log that are full and wait for their final form, oldest first.
final class SealQueue: Sendable {
  private struct State {
    var jobs: [SealJob] = []
    var isRunning = false
    /// Until when nothing is tried after something failed.
    var pausedUntil: Int64 = .min
  }

  private let state = Lock(State())

  /// Adds jobs. True if somebody must begin to work on the queue.
  func add(_ jobs: [SealJob], now: Int64) -> Bool {
    state.withLock { state in
      state.jobs += jobs
      guard !state.isRunning, !state.jobs.isEmpty, now >= state.pausedUntil else { return false }
      state.isRunning = true
      return true
    }
  }

  /// The job that is next; it stays in the queue until it is done. Where nobody stores any more is
  /// given back here: see ``Log/seal(_:)``.
  func next() -> SealJob? {
    let (job, mapping) = state.withLock { state -> (SealJob?, Mapping?) in
      guard !state.jobs.isEmpty else {
        state.isRunning = false
        return (nil, nil)
      }
      let mapping = state.jobs[0].mapping.take()
      return (state.jobs[0], mapping)
    }
    _ = consume mapping
    return job
  }

  func didFinishFirst() { state.withLock { _ = $0.jobs.removeFirst() } }

  /// Puts work off after a failure.
  func pause(until deadline: Int64) {
    state.withLock { state in
      state.isRunning = false
      state.pausedUntil = deadline
    }
  }

  /// Whether so many segments wait that no further one is begun before one is done: each keeps its
  /// file open.
  var isFull: Bool { state.withLock { $0.jobs.count >= LogLimits.sealQueueCount } }

  var isEmpty: Bool { state.withLock { $0.jobs.isEmpty } }
}
