/// How long something took, each time: counts by powers of two of a microsecond.
public struct LatencyHistogram: Hashable, Sendable {
  /// How often it took less than ``upperBound(ofBucket:)`` and not less than that of the bucket before. The
  /// last bucket has all that took longer.
  public private(set) var counts: [Int]
  /// How often it happened.
  public private(set) var count = 0
  /// How long it took in all.
  public private(set) var total = Duration.zero
  /// The longest time.
  public private(set) var maximum = Duration.zero

  /// From less than a microsecond to more than a minute.
  public static let bucketCount = 28

  /// Of nothing yet.
  public init() { counts = Array(repeating: 0, count: Self.bucketCount) }

  /// What takes this long, or longer, belongs into the next bucket; nil for the last one.
  public static func upperBound(ofBucket bucket: Int) -> Duration? {
    (0..<bucketCount - 1).contains(bucket) ? .nanoseconds(Int64(1000) << Int64(bucket)) : nil
  }

  /// Counts another time.
  public mutating func record(nanoseconds: Int64) {
    let nanoseconds = max(0, nanoseconds)
    let microseconds = UInt64(nanoseconds / 1000)
    let bucket = UInt64.bitWidth - microseconds.leadingZeroBitCount
    counts[min(bucket, Self.bucketCount - 1)] += 1
    count += 1
    total += .nanoseconds(nanoseconds)
    maximum = max(maximum, .nanoseconds(nanoseconds))
  }

  /// Counts what another one has counted.
  public mutating func add(_ other: LatencyHistogram) {
    for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
    count += other.count
    total += other.total
    maximum = max(maximum, other.maximum)
  }

  /// In how long so large a share of all was done, 0.99 say: the upper bound of the bucket in which that one
  /// lies, but never more than the longest time. Nil where there was none.
  public func quantile(_ share: Double) -> Duration? {
    guard count > 0 else { return nil }
    let rank = max(1, Int((Double(count) * min(max(share, 0), 1)).rounded(.up)))
    var seen = 0
    for bucket in counts.indices {
      seen += counts[bucket]
      if seen >= rank { return min(maximum, Self.upperBound(ofBucket: bucket) ?? maximum) }
    }
    return maximum
  }
}
