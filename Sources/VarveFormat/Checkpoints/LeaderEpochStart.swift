/// Where the reign of a leader begins.
public struct LeaderEpochStart: Hashable, Sendable {
  /// Whose reign.
  public var epoch: LeaderEpoch
  /// The first offset that the leader appended, or was to.
  public var startOffset: Offset

  /// A reign.
  public init(epoch: LeaderEpoch, startOffset: Offset) {
    self.epoch = epoch
    self.startOffset = startOffset
  }
}

extension LeaderEpochStart: CheckpointEntry {
  /// Reads an epoch and an offset, neither of which is negative.
  public init?(fields: [Substring]) {
    guard fields.count == 2, let epoch = Int32(fields[0]), epoch >= 0,
      let start = Int64(fields[1]), start >= 0
    else { return nil }
    self.init(epoch: LeaderEpoch(rawValue: epoch), startOffset: Offset(rawValue: start))
  }

  /// The epoch and the offset.
  public var line: String { "\(epoch.rawValue) \(startOffset.rawValue)" }
}

/// A log's `leader-epoch-checkpoint`.
///
/// That neither epochs nor offsets go back is for whoever uses the entries to see to: Kafka drops
/// those that do when it loads them.
public typealias LeaderEpochCheckpoint = Checkpoint<LeaderEpochStart>
