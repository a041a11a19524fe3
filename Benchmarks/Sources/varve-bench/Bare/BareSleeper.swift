import CBareLog

/// A thread that sleeps until it is woken.
final class BareSleeper {
  private let sleeper: OpaquePointer

  init(_ kind: bare_sleep) throws {
    var sleeper: OpaquePointer?
    try BareError.check(bare_sleeper_open(&sleeper, kind))
    self.sleeper = sleeper!
  }

  deinit { bare_sleeper_close(sleeper) }

  /// The nanoseconds until it runs.
  func wake() throws -> UInt64 {
    let nanoseconds = bare_sleeper_wake(sleeper)
    if nanoseconds < 0 { throw BareError(code: Int32(-nanoseconds)) }
    return UInt64(nanoseconds)
  }
}
