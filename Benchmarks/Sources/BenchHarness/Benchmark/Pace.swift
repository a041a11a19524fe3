/// When the operations of a latency benchmark are started.
public enum Pace: Sendable, Hashable {
  /// Each as soon as the one before is done.
  case backToBack
  /// So many a second, whether or not the one before is done by then.
  ///
  /// An operation that had to wait for a slow one before it is as late as its caller would find
  /// it: latency counts from the scheduled time.
  case perSecond(Double)
  /// The same, of a thread that sleeps in between, as who waits for something to happen: it is woken late by
  /// as much as the machine is busy, and that counts. One that is awake all the time is not woken, and loses
  /// the processor to others for as long as it has kept it from them.
  case wakingPerSecond(Double)

  /// The nanoseconds from one scheduled start to the next, where there is a schedule.
  var interval: Double? {
    switch self {
    case .backToBack: nil
    case .perSecond(let rate), .wakingPerSecond(let rate): 1e9 / rate
    }
  }

  /// Waits until an operation is to start.
  func wait(until time: UInt64) {
    if case .wakingPerSecond = self { Clock.sleep(until: time) } else { Clock.spin(until: time) }
  }
}
