/// The middle and the ends of some samples.
struct Summary: Sendable, Hashable {
  let median: Double
  let minimum: Double
  let maximum: Double

  /// Of no samples there is none.
  init?(_ samples: [Double]) {
    let sorted = samples.sorted()
    guard let first = sorted.first, let last = sorted.last else { return nil }
    minimum = first
    maximum = last
    let middle = sorted.count / 2
    median =
      sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  private init(median: Double, minimum: Double, maximum: Double) {
    self.median = median
    self.minimum = minimum
    self.maximum = maximum
  }

  func divided(by divisor: Double) -> Summary {
    Summary(
      median: median / divisor, minimum: minimum / divisor, maximum: maximum / divisor)
  }

  /// Of the quotients of samples taken one right after the other.
  ///
  /// What slows the machine down for a while slows both, and cancels out; it wouldn't in the
  /// quotient of the medians.
  static func ofRatios(_ numerators: [Double], over denominators: [Double]) -> Summary? {
    Summary(zip(numerators, denominators).map { $0 / $1 })
  }
}
