/// What verifying a log has found: see ``Log/verify()-2hgsw``.
public struct LogVerification: Hashable, Sendable {
  /// The segments, oldest first.
  public let segments: [SegmentVerification]

  /// The parts of the log that are lost, in their order. ``LogScan/skip(past:)`` goes over them.
  public var damage: [DamagedRange] { segments.flatMap(\.damage) }

  /// Whether all is as it was written.
  public var isSound: Bool { segments.allSatisfy(\.isSound) }

  /// Bytes of batches that were gone through.
  public var byteCount: Int { segments.reduce(0) { $0 + $1.byteCount } }
}

/// What verifying has found of a segment.
public struct SegmentVerification: Hashable, Sendable {
  /// What a segment's batches were compared with.
  public enum Basis: Hashable, Sendable {
    /// With their checksums, with each other, and all together with what they added up to when they were
    /// written.
    case digest
    /// With their checksums and with each other. An offset or a leader's epoch that was changed and fits
    /// its neighbours does not show.
    case checksums
  }

  /// What a segment's indexes are like.
  public enum IndexState: Hashable, Sendable {
    /// Each entry leads to where it says.
    case sound
    /// A file is missing, or does not hold whole and ordered entries.
    case missing
    /// An entry leads elsewhere. Look-ups notice, and go without.
    case wrong(String)
  }

  /// Batches whose epoch is not the one that the log's list of leaders has for them.
  public struct EpochConflict: Hashable, Sendable {
    /// Their offsets.
    public let offsets: Range<Offset>
    /// What they say.
    public let epoch: LeaderEpoch
    /// What the list says of the first of them; nil where it says nothing.
    public let listed: LeaderEpoch?
  }

  /// The offset in the names of its files.
  public let baseOffset: Offset
  /// The first offset behind what was gone through.
  public let endOffset: Offset
  /// Bytes that were gone through.
  public let byteCount: Int
  /// Whether it is the one that is being written: of that, what was published when it came to it.
  public let isActive: Bool
  /// What its batches were compared with.
  public let basis: Basis
  /// Parts that are lost.
  public let damage: [DamagedRange]
  /// What its indexes are like; nil where it has none yet, and where they are not used because something
  /// is lost.
  public let index: IndexState?
  /// Batches with another leader's epoch than the log's list has.
  public let epochConflicts: [EpochConflict]

  /// Whether all of it is as it was written.
  public var isSound: Bool {
    damage.isEmpty && epochConflicts.isEmpty && (index == nil || index == .sound)
  }
}
