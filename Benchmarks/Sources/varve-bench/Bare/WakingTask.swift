import BenchHarness
import Synchronization

/// A task that sleeps until its continuation is resumed: how any tail in Swift wakes at best.
final class WakingTask: Sendable {
  private let state = Mutex(State())
  private let wokenAt = Atomic<UInt64>(0)

  private struct State {
    var sleeper: CheckedContinuation<Bool, Never>?
    var isStopped = false
  }

  init() {
    Task.detached { [self] in
      while await isCalled() { wokenAt.store(Clock.now, ordering: .releasing) }
    }
  }

  func stop() {
    let sleeper = state.withLock { state in
      state.isStopped = true
      return state.sleeper.take()
    }
    sleeper?.resume(returning: false)
  }

  /// The nanoseconds until it runs.
  func wake() -> UInt64 {
    var sleeper: CheckedContinuation<Bool, Never>?
    while sleeper == nil { sleeper = state.withLock { $0.sleeper.take() } }
    wokenAt.store(0, ordering: .relaxed)
    let start = Clock.now
    sleeper?.resume(returning: true)
    // By looking, and not by being woken in turn: that would be another thread's latency.
    while true {
      let time = wokenAt.load(ordering: .acquiring)
      if time != 0 { return time - start }
    }
  }

  private func isCalled() async -> Bool {
    await withCheckedContinuation { continuation in
      let isStopped = state.withLock { state in
        if !state.isStopped { state.sleeper = continuation }
        return state.isStopped
      }
      if isStopped { continuation.resume(returning: false) }
    }
  }
}
