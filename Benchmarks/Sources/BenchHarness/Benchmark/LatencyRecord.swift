internal import Synchronization

/// How long the operations took that a throughput benchmark's loop is made of, where that says more
/// than their mean: those who run beside each other wait for each other.
public final class LatencyRecord: Sendable {
  private let histogram = Mutex(Histogram())

  /// Has nothing recorded yet.
  public init() {}

  /// Adds what so many operations took, in nanoseconds. Any thread may, but each for a whole sample:
  /// one at a time does.
  public func add(_ nanoseconds: [UInt64]) {
    histogram.withLock { histogram in
      for value in nanoseconds { histogram.record(value) }
    }
  }

  /// Forgets what was for practice.
  func clear() { histogram.withLock { $0 = Histogram() } }

  /// Those of all samples together: in one of them there may be few.
  var latencies: Latencies {
    var latencies = Latencies()
    latencies.add(histogram.withLock { $0 })
    return latencies
  }
}
