internal import VarveSystem

// SAFETY: `memory` is the base of `mapping`, which the state owns, and is stored to below
// `mappedEnd` alone, which is 0 while there is no mapping.
/// The end of a log: where the next batch goes. It lies under the append lock.
///
/// What every append looks at stands first. There are two ways for bytes to get to the file. Below
/// ``mappedEnd`` they are stored into a mapping, whose pages are allocated, so that stores do not
/// fail for want of space. Beyond, or where there is no mapping, they are written by a call. Both
/// go to the same page cache, so a log may use now this and now that, and does: when an appender is
/// ahead of the preparation, it becomes a little slower and does not stop.
@safe
struct TailState: ~Copyable {
  // MARK: What every append looks at

  var memory: UnsafeMutableRawPointer?
  /// Stores are allowed below. At most the size that a segment may have.
  var mappedEnd = 0
  var position: Int
  var nextOffset: Int64
  /// The last offset that the segment may hold; negative where an index of it is full.
  var lastOffsetLimit: Int64
  /// Batches whose greatest time is later are looked at closely: they may begin a new segment. The
  /// least there is while the segment is empty, since its first batch sets this.
  var timestampLimit: Int64
  /// A batch that begins behind this position gets an index entry.
  var indexThreshold: Int
  /// A batch that ends behind this position wakes maintenance.
  var wakePosition: Int
  var leaderEpoch: LeaderEpoch = .none
  /// Of the segment's batches.
  var digest: SegmentDigest
  var maxTimestamp: Timestamp
  var maxTimestampOffset: Offset

  // MARK: What some do

  /// Where ``leaderEpoch`` began, and the epoch of the last batch before.
  var reignStart: Int64 = 0
  var restingEpoch: LeaderEpoch = .none
  var segment: SegmentFile
  var index: IndexMemory
  var mapping: Mapping?
  /// The file, open for writing; nil while the log is parked.
  var file: OpenFile?
  var facts: RollRule.Facts
  /// How far the segment is prepared for stores.
  var extent: PreparationPlan.Extent
  var spare: Spare?
  /// Segments that are full, oldest first, until somebody takes them to seal them.
  var seals: [SealJob] = []
  /// What is known of producers, and which of their transactions came to nothing in this segment.
  var producers = ProducerTable(maximumCount: 0)
  var aborted: [AbortedTransaction] = []
  /// Bytes appended since the log was opened, but for those of this segment.
  var earlierByteCount: Int
  /// Why no appends are taken, if none are.
  var refusal: LogError?
  /// Whether that is for now alone.
  var isHeld = false
  /// How often a write met with a full disk.
  var fullCount = 0
  /// Whether a store has failed: this log is written by calls from then on.
  var hasFaulted = false
  /// Which way of writing the log's syncs speak for.
  var habit = SyncHabit()
  /// From this offset on, an append has the log synced.
  var syncOffset = Int64.max
  /// Where a batch is built that goes to the file by a call.
  var staging = StagingBuffer()

  let rules: TailRules
  /// Where readers find a new segment.
  let segments: SegmentTable

  init(
    segment: SegmentFile, in segments: SegmentTable, _ scan: SegmentScan, file: OpenFile?,
    created: Int64, rules: TailRules
  ) {
    self.segment = segment
    index = scan.index
    digest = scan.digest
    self.file = file
    self.rules = rules
    self.segments = segments
    leaderEpoch = scan.leaderEpoch
    position = segment.published.position
    earlierByteCount = -segment.published.position
    extent = PreparationPlan.Extent(
      allocatedEnd: segment.published.position, populatedEnd: segment.published.position)
    nextOffset = segment.published.offset.rawValue
    maxTimestamp = segment.published.maxTimestamp
    maxTimestampOffset = scan.maxTimestampOffset
    lastOffsetLimit = Self.lastOffset(of: segment.baseOffset)
    timestampLimit = .min
    indexThreshold = (scan.index.offsets.last?.position ?? 0) + rules.indexInterval
    wakePosition = position
    facts = RollRule.Facts(
      baseOffset: segment.baseOffset.rawValue, byteCount: 0,
      firstTimestamp: scan.firstTimestamp?.rawValue,
      created: created, offsetEntryCount: 0, timeEntryCount: 0)
    if position > 0 { setTimestampLimit() }
    if rules.roll.isFull(currentFacts) { lastOffsetLimit = -1 }
    planSync()
  }

  /// Says from where on a sync is due, if all before the end is synced now.
  mutating func planSync() {
    guard let count = rules.syncRecordCount else { return }
    let (offset, overflow) = nextOffset.addingReportingOverflow(Int64(count))
    syncOffset = overflow ? .max : offset
  }

  static func lastOffset(of base: Offset) -> Int64 {
    let (sum, overflow) = base.rawValue.addingReportingOverflow(LogLimits.maximumRelativeOffset)
    // The last offset of all has none behind it.
    return overflow ? .max - 1 : min(sum, .max - 1)
  }
}

/// What the configuration says of the end of a log.
struct TailRules: Sendable {
  var roll: RollRule
  var indexInterval: Int
  var indexLimits: IndexLimits
  var isAppendTime: Bool
  /// After how many records a sync is due.
  var syncRecordCount: Int?

  /// - Parameter random: Draws how much younger than others this log's segments roll.
  init(_ configuration: LogConfiguration, random: any RandomSource) {
    let limits = IndexLimits(configuration, segmentByteCount: configuration.segmentByteCount)
    let jitter = configuration.segmentAgeJitter.milliseconds
    roll = RollRule(
      segmentByteCount: configuration.segmentByteCount,
      segmentAge: configuration.segmentAge.milliseconds
        - (jitter > 0 ? Int64(random.next() % UInt64(jitter)) : 0),
      offsetEntryLimit: configuration.indexByteCount / OffsetIndexEntry.byteCount,
      timeEntryLimit: configuration.indexByteCount / TimeIndexEntry.byteCount)
    indexInterval = configuration.indexIntervalByteCount
    indexLimits = limits
    isAppendTime = configuration.timestampType == .appendTime
    syncRecordCount = configuration.syncPolicy.recordCount
  }
}

// MARK: Facts

extension TailState {
  var end: SegmentEnd { SegmentEnd(offset: Offset(rawValue: nextOffset), position: position) }

  /// Bytes appended since the log was opened.
  var appendedByteCount: Int { earlierByteCount + position }

  /// What is known of the segment now.
  var currentFacts: RollRule.Facts {
    var facts = facts
    facts.byteCount = position
    facts.offsetEntryCount = index.offsetCount
    facts.timeEntryCount = index.timeCount
    return facts
  }

  mutating func setTimestampLimit() {
    guard let first = facts.firstTimestamp, first >= 0 else {
      // The wall clock decides, and maintenance looks at it.
      timestampLimit = .max
      return
    }
    timestampLimit = rules.roll.latest(after: first)
  }
}
