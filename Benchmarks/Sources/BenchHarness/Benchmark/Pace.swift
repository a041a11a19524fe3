/// When the operations of a latency benchmark are started.
public enum Pace: Sendable, Hashable {
  /// Each as soon as the one before is done.
  case backToBack
  /// So many a second, whether or not the one before is done by then.
  ///
  /// An operation that had to wait for a slow one before it is as late as its caller would find
  /// it: latency counts from the scheduled time.
  case perSecond(Double)

  /// The nanoseconds from one scheduled start to the next, where there is a schedule.
  var interval: Double? {
    switch self {
    case .backToBack: nil
    case .perSecond(let rate): 1e9 / rate
    }
  }
}
