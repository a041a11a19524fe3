/// The reign of a leader: raised by one each time that another replica takes over.
public struct LeaderEpoch: RawRepresentable, Hashable, Comparable, Sendable {
  /// The number that stands in a batch's header.
  public let rawValue: Int32

  /// Wraps a number as an epoch.
  @inlinable
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// What stands in a batch whose leader is unknown; legal in a log.
  @inlinable
  public static var none: LeaderEpoch { LeaderEpoch(rawValue: -1) }

  /// Whether one epoch lies before another.
  @inlinable
  public static func < (left: LeaderEpoch, right: LeaderEpoch) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension LeaderEpoch: ExpressibleByIntegerLiteral {
  /// Lets an epoch be written as a number.
  @inlinable
  public init(integerLiteral value: Int32) { self.init(rawValue: value) }
}

extension LeaderEpoch: CustomStringConvertible {
  /// The number, or `none`.
  public var description: String { self == .none ? "none" : String(rawValue) }
}
