import BenchHarness
import CBareLog

/// How soon somebody who sleeps can know of anything at all.
enum BareWakeBenchmarks {
  /// Seldom enough that the sleeper sleeps by then.
  static let pace = Pace.perSecond(2000)

  static let all: [Benchmark] = [
    .latency("wake/futex", pace: pace) {
      let sleeper = try BareSleeper(BARE_SLEEP_FUTEX)
      return LatencyRoutine(timesItself: { _ in try sleeper.wake() })
    },
    .latency("wake/eventfd", pace: pace) {
      let sleeper = try BareSleeper(BARE_SLEEP_EVENTFD)
      return LatencyRoutine(timesItself: { _ in try sleeper.wake() })
    },
    .latency("wake/task", pace: pace) {
      let task = WakingTask()
      return LatencyRoutine(timesItself: { _ in task.wake() }, tearDown: task.stop)
    },
  ]
}
