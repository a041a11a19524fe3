/// How far somebody has come in a log.
public struct Position: Hashable, Sendable {
  /// The offset of the next record to read.
  public var offset: Offset
  /// Who led the log where that was read, if anybody did.
  public var leaderEpoch: LeaderEpoch
  /// When it was said.
  public var committedAt: Timestamp

  /// A position.
  public init(offset: Offset, leaderEpoch: LeaderEpoch = .none, committedAt: Timestamp) {
    self.offset = offset
    self.leaderEpoch = leaderEpoch
    self.committedAt = committedAt
  }

  /// Where a reader begins that has no position, or one that the log does not have any more.
  public enum Resume: Hashable, Sendable {
    /// At the first record that is there.
    case earliest
    /// At what comes next.
    case latest
    /// Nowhere: that is an error.
    case fail
  }
}
