/// The place of a record in a log: the first record has offset 0, and offsets only ever grow.
///
/// Offsets need not be contiguous: compaction and replication leave gaps.
public struct Offset: RawRepresentable, Hashable, Comparable, Sendable {
  /// The number that stands on disk; negative only in values that no log would hand out.
  public let rawValue: Int64

  /// Wraps a number as an offset.
  @inlinable
  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// Whether one offset lies before another.
  @inlinable
  public static func < (left: Offset, right: Offset) -> Bool { left.rawValue < right.rawValue }
}

extension Offset: ExpressibleByIntegerLiteral {
  /// Lets an offset be written as a number: `reader.slice(from: 42)`.
  @inlinable
  public init(integerLiteral value: Int64) { self.init(rawValue: value) }
}

extension Offset: Strideable {
  /// How many offsets lie between this one and another.
  ///
  /// Wraps instead of trapping: an offset may come from hostile bytes, and the host lives.
  @inlinable
  public func distance(to other: Offset) -> Int { Int(other.rawValue &- rawValue) }

  /// The offset that lies `distance` further; wraps instead of trapping.
  @inlinable
  public func advanced(by distance: Int) -> Offset {
    Offset(rawValue: rawValue &+ Int64(distance))
  }
}

extension Offset: CustomStringConvertible {
  /// The number alone.
  public var description: String { String(rawValue) }
}
