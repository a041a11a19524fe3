/// When compaction goes on in a further segment: as appends do, but for age.
///
/// What it goes through came out of segments of these bounds, or of others that the log had then: what is no
/// more than it was does not roll.
struct CompactionRollRule: Hashable, Sendable {
  private let rule: RollRule
  /// How many bytes lie between entries of an index.
  let indexInterval: Int

  /// - Parameters:
  ///   - largest: Bytes of the largest segment that is gone through.
  ///   - byteLimit: How many bytes a segment may have; nil for as many as others of the log.
  init(_ configuration: LogConfiguration, largest: Int, byteLimit: Int? = nil) {
    rule = RollRule(
      segmentByteCount: byteLimit ?? max(largest, configuration.segmentByteCount), segmentAge: .max,
      offsetEntryLimit: configuration.indexByteCount / OffsetIndexEntry.byteCount,
      timeEntryLimit: configuration.indexByteCount / TimeIndexEntry.byteCount)
    indexInterval = configuration.indexIntervalByteCount
  }

  /// Whether a batch begins a new segment.
  func rolls(_ extent: CompactedExtent, before header: BatchHeader) -> Bool {
    let incoming = RollRule.Incoming(
      byteCount: header.byteCount, lastOffset: header.lastOffset.rawValue,
      timestamp: header.maxTimestamp.rawValue)
    return extent.byteCount > 0 && rule.reason(extent.facts, incoming, now: 0) != nil
  }
}

/// How far a segment has come that compaction writes, and how many entries its indexes will have.
struct CompactedExtent: Hashable, Sendable {
  let baseOffset: Offset
  /// The first offset behind what was written.
  private(set) var end: Offset
  private(set) var byteCount = 0
  private var indexThreshold: Int?
  private var offsetEntryCount = 0
  private var timeEntryCount = 0
  private var maxTimestamp = Timestamp.none
  private var indexedTimestamp = Timestamp.none

  init(of baseOffset: Offset) {
    self.baseOffset = baseOffset
    end = baseOffset
  }

  /// Takes note of a batch, by the rule by which ``SegmentScan`` indexes it.
  mutating func add(_ header: BatchHeader, _ rule: CompactionRollRule) {
    maxTimestamp = max(maxTimestamp, header.maxTimestamp)
    if byteCount > indexThreshold ?? rule.indexInterval {
      indexThreshold = byteCount + rule.indexInterval
      offsetEntryCount += 1
      if maxTimestamp > indexedTimestamp {
        timeEntryCount += 1
        indexedTimestamp = maxTimestamp
      }
    }
    byteCount += header.byteCount
    end = header.nextOffset
  }

  var facts: RollRule.Facts {
    RollRule.Facts(
      baseOffset: baseOffset.rawValue, byteCount: byteCount, firstTimestamp: nil, created: 0,
      offsetEntryCount: offsetEntryCount, timeEntryCount: timeEntryCount)
  }
}
