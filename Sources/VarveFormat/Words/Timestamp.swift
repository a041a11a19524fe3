/// A point in time as Kafka stores it: milliseconds since 1970, in UTC, without leap seconds.
public struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable {
  /// Milliseconds since the beginning of 1970.
  public let rawValue: Int64

  /// Wraps milliseconds since the beginning of 1970.
  @inlinable
  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// A point in time, by its milliseconds since the beginning of 1970.
  @inlinable
  public init(milliseconds: Int64) { self.init(rawValue: milliseconds) }

  /// What a record without a timestamp carries.
  @inlinable
  public static var none: Timestamp { Timestamp(rawValue: -1) }

  /// Whether a writer may store this value: a point in time since 1970, or ``none``.
  @inlinable
  public var isStorable: Bool { rawValue >= -1 }

  /// Whether one point in time lies before another; ``none`` lies before all of them.
  @inlinable
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension Timestamp: CustomStringConvertible {
  /// Milliseconds, or `none`.
  public var description: String { self == .none ? "none" : "\(rawValue) ms" }
}

/// Whose clock a batch's timestamps come from.
public enum TimestampType: Sendable, Hashable {
  /// The producer's: each record has its own.
  case createTime
  /// The log's, when it appended the batch: all its records share one.
  case appendTime
}
