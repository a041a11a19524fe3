/// A place in a log to read from.
public enum LogPosition: Hashable, Sendable {
  /// The log's start: the first offset that is still there.
  case earliest
  /// The log's end: what is appended next.
  case latest
  /// An offset. The first record at or behind it is the first one read.
  case offset(Offset)
  /// The first record of this time or a later one.
  case timestamp(Timestamp)
  /// So many offsets before the end, or the start if there are fewer.
  case last(Int)
}

extension LogPosition: ExpressibleByIntegerLiteral {
  /// Lets an offset be written as a number: `log.tail(from: 42)`.
  public init(integerLiteral value: Int64) { self = .offset(Offset(rawValue: value)) }
}
