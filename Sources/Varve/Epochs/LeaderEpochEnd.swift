/// Where the reign of a leader ends: what a follower asks for that wants to know from where on its log
/// differs from its leader's.
public struct LeaderEpochEnd: Hashable, Sendable {
  /// The reign: the one that was asked for, or where the log has nothing of that, the last one before
  /// it.
  public let epoch: LeaderEpoch
  /// The first offset behind it.
  public let endOffset: Offset
}
