internal import CVarveSystem

/// What tells a log the time: the system, or a test.
package protocol TimeSource: AnyObject, Sendable {
  /// Milliseconds since 1970. May be set back.
  var wallMilliseconds: Int64 { get }
  /// Nanoseconds since some moment, never set back.
  var monotonicNanoseconds: Int64 { get }
  /// Lets so much time pass before it returns. A source that stands still goes on by so much.
  func sleep(nanoseconds: Int64)
}

/// The system's clocks.
package final class SystemClock: TimeSource {
  package init() {}
  /// The wall clock as of the kernel's last tick, a few milliseconds ago at the most, in a fifth of
  /// the time that it takes to ask for now.
  package static var wallMillisecondsAtTick: Int64 { varve_wall_milliseconds_coarse() }
  package var wallMilliseconds: Int64 { varve_wall_milliseconds() }
  package static var monotonicNanoseconds: Int64 { varve_monotonic_nanoseconds() }
  package var monotonicNanoseconds: Int64 { Self.monotonicNanoseconds }

  package func sleep(nanoseconds: Int64) {
    let end = monotonicNanoseconds + max(0, nanoseconds)
    while varve_sleep_until(end) == -Errno.interrupted.rawValue {}
  }
}

/// What gives a log randomness: the system, or a test's seed.
package protocol RandomSource: AnyObject, Sendable {
  func next() -> UInt64
}

/// The system's randomness.
package final class SystemRandom: RandomSource {
  package init() {}
  package func next() -> UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}
