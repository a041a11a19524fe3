public import CBenchProbes

/// Monotonic nanoseconds.
public enum Clock {
  /// Since some fixed point. On most machines this doesn't enter the kernel.
  @inlinable @inline(__always)
  public static var now: UInt64 { varve_bench_now() }

  /// How long something takes.
  static func time(_ work: () throws -> Void) rethrows -> Double {
    let start = now
    try work()
    return Double(now - start)
  }

  /// Waits by looking at the clock: a sleeper is woken too late to keep a schedule.
  static func spin(until time: UInt64) {
    while now < time {}
  }

  /// Waits asleep.
  static func sleep(until time: UInt64) {
    while now < time { varve_bench_sleep(time) }
  }
}
