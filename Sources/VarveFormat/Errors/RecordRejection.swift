/// A record for which a log does not take the batch that it is in.
public struct RecordRejection: Hashable, Sendable {
  /// The record's place in its batch, from zero on.
  public let index: Int
  /// What is wrong with it.
  public let reason: Reason

  /// What can be wrong with a record.
  public enum Reason: Hashable, Sendable {
    /// It has no key, in a log that keeps records by their keys.
    case keyIsMissing
    /// Its time lies further back than the log allows.
    case isTooOld(Timestamp)
    /// Its time lies further ahead than the log allows.
    case isTooEarly(Timestamp)
    /// Its producer says that the time is the log's, which is for the log to say.
    case timeIsNotTheLogs
  }

  /// Says what is wrong with a record.
  public init(index: Int, reason: Reason) {
    self.index = index
    self.reason = reason
  }
}

extension RecordRejection: CustomStringConvertible {
  /// Which record, and what is wrong with it.
  public var description: String { "record \(index) \(reason)" }
}

extension RecordRejection.Reason: CustomStringConvertible {
  /// The reason in words.
  public var description: String {
    switch self {
    case .keyIsMissing: "has no key, which the log keeps records by"
    case .isTooOld(let timestamp): "is of \(timestamp), further back than the log allows"
    case .isTooEarly(let timestamp): "is of \(timestamp), further ahead than the log allows"
    case .timeIsNotTheLogs: "says that its time is the log's, which is not for a producer to say"
    }
  }
}

extension LogError {
  /// How many rejections are told in words.
  private static let explainedRejectionCount = 3

  /// The error of a batch that is not taken for some of its records.
  package static func rejected(_ rejections: [RecordRejection]) -> LogError {
    let told = rejections.prefix(explainedRejectionCount).map(\.description)
    let rest = rejections.count - told.count
    return LogError(
      .invalidArgument,
      "nothing is appended: " + told.joined(separator: "; ")
        + (rest > 0 ? "; and \(rest) more" : ""),
      rejections: rejections)
  }
}
