/// Counts of values, in buckets whose width grows with the value.
///
/// Values below 256 are counted exactly, and each octave above in 128 buckets, so that a value
/// read back is at most 1/128 above the one recorded. Memory is allocated at the start alone.
public struct Histogram: Sendable {
  private var buckets: [UInt64]
  /// How many values were recorded.
  public private(set) var count: UInt64 = 0
  /// The smallest value recorded, exactly. The largest there is if there was none.
  public private(set) var minimum: UInt64 = .max
  /// The largest value recorded, exactly.
  public private(set) var maximum: UInt64 = 0

  /// The most by which a value read back exceeds the one recorded, as a share of it.
  public static let maximumRelativeError = 1 / Double(Layout.bucketsInOctave)

  /// Creates an empty histogram.
  public init() {
    buckets = Array(repeating: 0, count: Layout.bucketCount)
  }

  /// Counts a value.
  @inline(__always)
  public mutating func record(_ value: UInt64) {
    buckets[Layout.bucket(of: value)] &+= 1
    count &+= 1
    if value < minimum { minimum = value }
    if value > maximum { maximum = value }
  }

  /// Adds another histogram's values.
  public mutating func merge(_ other: Histogram) {
    for index in buckets.indices { buckets[index] &+= other.buckets[index] }
    count &+= other.count
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
  }

  /// The least value that the given share of all values doesn't exceed, or 0 if there are none.
  public func value(at fraction: Double) -> UInt64 {
    let rank = max(1, UInt64((fraction * Double(count)).rounded(.up)))
    var seen: UInt64 = 0
    for (bucket, count) in buckets.enumerated() where count > 0 {
      seen += count
      if seen >= rank { return min(Layout.largestValue(of: bucket), maximum) }
    }
    return maximum
  }

  /// The value at one of the usual places.
  public func value(at quantile: Quantile) -> UInt64 {
    value(at: quantile.fraction)
  }
}
