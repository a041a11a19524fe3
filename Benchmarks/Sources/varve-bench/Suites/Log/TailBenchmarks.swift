import BenchHarness
import CBareLog

/// From an append until a task has it that waited at the end, beside waking somebody at all.
enum TailBenchmarks {
  static let all = [
    Benchmark.latency(
      "1KiB", pace: BareWakeBenchmarks.pace, goals: [.latency(.p50, atMost: 30_000)]
    ) { surroundings in
      let directory = try surroundings.makeDirectory()
      let log = try LogUnderTest.open(in: directory, .rolls)
      let tail = try WaitingTail(of: log)
      let value = UnsafeRawBufferPointer(filledBuffer(1 << 10))
      let sleeper = try BareSleeper(BARE_SLEEP_FUTEX)
      let task = WakingTask()
      return LatencyRoutine(
        timesItself: { _ in try tail.receive(value) },
        references: [
          Reference("futex", LatencyRoutine(timesItself: { _ in try sleeper.wake() })),
          Reference("task", LatencyRoutine(timesItself: { _ in task.wake() })),
        ],
        tearDown: {
          task.stop()
          try tail.stop()
          try LogUnderTest.close(log)
          try directory.remove()
          value.deallocate()
        })
    }
  ]
}
