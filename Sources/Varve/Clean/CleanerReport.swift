/// What one cleaning of a log did.
public struct CleanerReport: Hashable, Sendable {
  /// When that was, by the log's clock.
  public let time: Timestamp
  /// What was left of its wishes.
  public let plan: CleanerPlan
  /// The segments that are not the log's any more, oldest first.
  public let deleted: [CleanerSegment]
  /// What was compacted, if anything was.
  public internal(set) var compaction: CompactionReport?

  /// Bytes of them. Their space is free when nobody holds slices of them.
  public var deletedByteCount: Int { deleted.reduce(0) { $0 + $1.byteCount } }

  /// Whether there is nothing to tell.
  var isIdle: Bool { deleted.isEmpty && compaction == nil && plan.refusals.isEmpty }
}

/// How the cleaning of a log by its own policy goes, and how much has gone by that and by others.
public struct CleanerStatus: Hashable, Sendable {
  /// How often it was done.
  public internal(set) var count = 0
  /// When it was done last without a failure, by the log's clock.
  public internal(set) var lastSuccess: Timestamp?
  /// Bytes that were deleted since the log was opened.
  public internal(set) var deletedByteCount = 0
  /// Bytes by which compaction has made the log smaller since it was opened.
  public internal(set) var compactedByteCount = 0
  /// Up to where it is compacted, if it ever was.
  public internal(set) var compactedBelow: Offset?
  /// Why it failed when it was tried last, if it did. It is tried again: after the interval, and after
  /// twice as long each time that it fails again, up to an hour.
  public internal(set) var failure: LogError?
  /// How often it has failed since it last did not.
  public internal(set) var failureCount = 0
  /// What was refused to the policy when it was asked last.
  public internal(set) var refusals: [CleanerPlan.Refusal] = []
}
