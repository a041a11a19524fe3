internal import VarveSystem

/// What the end of a log takes the time from.
struct TailClock: Sendable {
  private let source: (any TimeSource)?

  init(_ environment: LogEnvironment) {
    source = environment.isSystemTime ? nil : environment.time
  }

  /// The wall clock. The system's is asked without the detour, since each record wants to know.
  var now: Timestamp {
    @inline(__always) get {
      if let source { return Timestamp(rawValue: source.wallMilliseconds) }
      return Timestamp(rawValue: SystemClock.wallMillisecondsNow)
    }
  }
}
