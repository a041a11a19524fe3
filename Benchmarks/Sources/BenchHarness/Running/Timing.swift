/// Samples of one loop.
struct Series: Sendable {
  /// In each sample.
  let iterations: Int
  /// Nanoseconds for an iteration, one for each sample, in order.
  private(set) var samples: [Double] = []

  init(iterations: Int) {
    self.iterations = iterations
  }

  mutating func add(_ nanoseconds: Double) {
    samples.append(nanoseconds / Double(iterations))
  }
}

/// How long a benchmark takes, and its limit next to it.
struct Timing: Sendable {
  let body: Series
  let limit: Series?

  /// The limit's time over the body's: the share of the limit's speed that the body reaches.
  var ratio: Summary? {
    limit.flatMap { Summary.ofRatios($0.samples, over: body.samples) }
  }
}
