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

/// How long a benchmark takes, and what it is held against next to it.
struct Timing: Sendable {
  let body: Series
  var references: [Named] = []

  struct Named: Sendable {
    let name: String
    let series: Series
  }

  /// Of a reference, if there is one of that name.
  subscript(reference name: String) -> Series? {
    references.first { $0.name == name }?.series
  }

  /// The reference's time over the body's: the share of its speed that the body reaches.
  func ratio(to name: String) -> Summary? {
    self[reference: name].flatMap { Summary.ofRatios($0.samples, over: body.samples) }
  }
}
