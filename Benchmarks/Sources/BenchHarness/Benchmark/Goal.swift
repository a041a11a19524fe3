/// A bound that a figure of a benchmark is held against.
public struct Goal: Sendable, Hashable {
  let figure: Figure
  let bound: Bound

  enum Bound: Sendable, Hashable {
    case atLeast(Double)
    case atMost(Double)
  }

  /// The share of the limit's speed.
  public static func ratio(atLeast share: Double) -> Goal {
    ratio(to: limitName, atLeast: share)
  }

  /// The share of a reference's speed.
  public static func ratio(to reference: String, atLeast share: Double) -> Goal {
    Goal(figure: .ratio(to: reference), bound: .atLeast(share))
  }

  /// The nanoseconds for a record.
  public static func nanosecondsPerRecord(atMost nanoseconds: Double) -> Goal {
    Goal(figure: .nanosecondsPerRecord, bound: .atMost(nanoseconds))
  }

  /// The records in a second.
  public static func recordsPerSecond(atLeast records: Double) -> Goal {
    Goal(figure: .recordsPerSecond, bound: .atLeast(records))
  }

  /// The gigabytes, of 10⁹ bytes, in a second.
  public static func gigabytesPerSecond(atLeast gigabytes: Double) -> Goal {
    Goal(figure: .gigabytesPerSecond, bound: .atLeast(gigabytes))
  }

  /// A count for each iteration.
  public static func count(_ counter: Counter, atMost count: Double) -> Goal {
    Goal(figure: .count(counter), bound: .atMost(count))
  }

  /// The nanoseconds that all but the given share of operations stay within.
  public static func latency(_ quantile: Quantile, atMost nanoseconds: Double) -> Goal {
    Goal(figure: .latency(quantile), bound: .atMost(nanoseconds))
  }

  /// How many times as long one kind of operations takes as another.
  public static func latency(
    _ quantile: Quantile, of kind: String, to other: String, atMost times: Double
  ) -> Goal {
    Goal(figure: .latencyRatio(quantile, of: kind, to: other), bound: .atMost(times))
  }

  /// What a benchmark tallies itself.
  ///
  /// - Parameter isExact: Whether it follows from what the code does, so that it holds wherever and
  ///   however briefly it runs.
  public static func tally(_ name: String, atMost count: Double, isExact: Bool = true) -> Goal {
    Goal(figure: .tally(name, isExact: isExact), bound: .atMost(count))
  }
}

extension Goal {
  /// What became of it. A figure that isn't known meets no goal.
  func outcome(for value: Double?) -> Outcome {
    guard let value else { return .unknown }
    let isMet =
      switch bound {
      case .atLeast(let least): value >= least
      case .atMost(let most): value <= most
      }
    return isMet ? .met : .missed
  }

  enum Outcome: String, Sendable {
    case met
    case missed
    case unknown
  }
}

extension Goal: CustomStringConvertible {
  /// The figure, the relation and the bound, such as `ratio >= 0.5`.
  public var description: String {
    switch bound {
    case .atLeast(let least): "\(figure) >= \(NumberText.short(least))"
    case .atMost(let most): "\(figure) <= \(NumberText.short(most))"
    }
  }
}
