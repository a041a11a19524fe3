extension Workload {
  /// An empty loop would never take long enough.
  private static let mostIterations = 1_000_000_000

  /// The iterations that take about so many nanoseconds together. Warms up on the way.
  func calibrate(to target: Double) throws -> Int {
    switch extent {
    case .timed(let most): try calibrate(to: target, atMost: min(most, Self.mostIterations))
    case .exactly(let iterations): iterations
    }
  }

  private func calibrate(to target: Double, atMost most: Int) throws -> Int {
    var iterations = 1
    while true {
      let elapsed = max(1, try time(iterations))
      let wanted = min(Double(iterations) * target / elapsed, Double(most))
      // A short run says little about a long one, so the way there goes in steps.
      if elapsed * 4 >= target || iterations >= most {
        return max(1, Int(wanted))
      }
      iterations = min(iterations * 10, max(iterations + 1, Int(wanted)))
    }
  }
}
