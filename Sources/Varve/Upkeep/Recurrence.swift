/// When something is to be done that is done again and again, one at a time: times in, times out.
struct Recurrence: Sendable {
  /// Whether it is under way: a second one would want what the first one does.
  private(set) var isRunning = false
  /// When it is to be done next; nil until somebody has looked.
  private var deadline: Int64?

  /// Says when to look again, and whether to begin now.
  ///
  /// - Parameters:
  ///   - first: How long after it was looked at first it is due, at the most: who is started anew more often
  ///     than the interval would never do it.
  ///   - isDemanded: Whether it is due whatever the time is.
  mutating func look(
    now: Int64, interval: Int64, first: Int64, isDemanded: Bool = false
  ) -> (deadline: Int64, isDue: Bool) {
    let due = deadline ?? Self.later(now, by: min(interval, first))
    guard now >= due || isDemanded, !isRunning else {
      deadline = due
      return (max(due, now + (isRunning ? LogLimits.maintenanceInterval : 0)), false)
    }
    let next = Self.later(now, by: interval)
    (isRunning, deadline) = (true, next)
    return (next, true)
  }

  /// What was begun is over.
  mutating func end() { isRunning = false }

  /// The next one comes so much later.
  mutating func delay(by nanoseconds: Int64) {
    deadline = deadline.map { Self.later($0, by: nanoseconds) }
  }

  /// So much later; for ever, where that is beyond all times.
  static func later(_ now: Int64, by nanoseconds: Int64) -> Int64 {
    let (sum, overflow) = now.addingReportingOverflow(nanoseconds)
    return overflow ? .max : sum
  }
}
