/// The place of a record in what one idempotent producer sent: 0 to 2³¹ − 1, and then 0 again.
public struct SequenceNumber: RawRepresentable, Hashable, Sendable {
  /// The number that stands in a batch's header.
  public let rawValue: Int32

  /// Wraps a number as a sequence number.
  @inlinable
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// What stands in a batch whose producer does not number its records.
  @inlinable
  public static var none: SequenceNumber { SequenceNumber(rawValue: -1) }

  /// The number `distance` records later, or earlier where it is negative.
  ///
  /// Wraps from 2³¹ − 1 to 0 and back. Of ``none`` it is ``none``.
  @inlinable
  public func advanced(by distance: Int32) -> SequenceNumber {
    guard rawValue >= 0 else { return .none }
    // The numbers form a ring of 2³¹, so the sign bit of the sum is all there is to drop.
    return SequenceNumber(rawValue: (rawValue &+ distance) & Int32.max)
  }
}

extension SequenceNumber: ExpressibleByIntegerLiteral {
  /// Lets a sequence number be written as a number.
  @inlinable
  public init(integerLiteral value: Int32) { self.init(rawValue: value) }
}

extension SequenceNumber: CustomStringConvertible {
  /// The number, or `none`.
  public var description: String { self == .none ? "none" : String(rawValue) }
}
