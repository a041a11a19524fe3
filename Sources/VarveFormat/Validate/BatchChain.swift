/// What batch after batch must keep.
///
/// A batch's first 21 bytes lie outside its checksum, so that a log can stamp offset and epoch
/// into it. A flipped bit there shows in the chain: the length makes the checksum fail or the
/// next batch begin in the wrong place, the offset and the epoch no longer fit their neighbours.
public struct BatchChain: Sendable, Hashable {
  /// Which offsets may follow each other.
  public enum Continuity: Hashable, Sendable {
    /// Each batch begins right behind the one before it, as a leader's appends do.
    case contiguous
    /// Batches may leave gaps, as compaction and followers do.
    case gapsAllowed
  }

  /// Which offsets may follow each other.
  public let continuity: Continuity

  /// The first offset that the next batch may have.
  public private(set) var nextOffset: Offset

  /// The epoch of the last batch that had one.
  public private(set) var leaderEpoch: LeaderEpoch

  /// A chain whose first batch begins at `nextOffset`, or behind it where gaps are allowed.
  public init(
    from nextOffset: Offset, leaderEpoch: LeaderEpoch = .none, continuity: Continuity
  ) {
    self.nextOffset = nextOffset
    self.leaderEpoch = leaderEpoch
    self.continuity = continuity
  }

  /// Takes the next batch into the chain, or says which rule keeps it out; then the chain stays as
  /// it is.
  public mutating func append(_ header: BatchHeader) throws(LogError) {
    guard header.baseOffset >= nextOffset else {
      throw .breach(
        .offsetsIncrease, atByte: BatchHeader.Field.baseOffset,
        "it begins at \(header.baseOffset), \(nextOffset) is next")
    }
    guard continuity == .gapsAllowed || header.baseOffset == nextOffset else {
      throw .breach(
        .offsetsAreContiguous, atByte: BatchHeader.Field.baseOffset,
        "it begins at \(header.baseOffset), \(nextOffset) is next")
    }
    // A batch without an epoch says nothing of the order of leaders.
    guard header.leaderEpoch == .none || header.leaderEpoch >= leaderEpoch else {
      throw .breach(
        .leaderEpochsIncrease, atByte: BatchHeader.Field.leaderEpoch,
        "epoch \(header.leaderEpoch) after \(leaderEpoch)")
    }
    goOn(behind: header)
  }

  @inline(__always)
  mutating func goOn(behind header: BatchHeader) {
    nextOffset = header.nextOffset
    if header.leaderEpoch != .none { leaderEpoch = header.leaderEpoch }
  }
}
