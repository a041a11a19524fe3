internal import VarveSystem

/// One compaction of a log.
///
/// It goes through the new part of the log and remembers the last offset of each key; then through all of
/// the log up to there, and writes segments anew of which something goes. While it does, the log is read,
/// appended to and closed as ever: only the moment in which a segment takes the place of others is under
/// the lock of those who give segments their final form.
struct Compaction: ~Copyable {
  private let log: Log
  /// The segments from the log's start on that are gone through, and where each of them ends.
  private let sources: [SegmentFile]
  private let ends: [Offset]
  private let limits: CompactionLimits
  private let map: OffsetMap
  private var cleaner: BatchCleaner
  private var transactions: TransactionCleaning
  private(set) var report: CompactionReport

  /// Remembers the last offset of each key.
  ///
  /// - Parameters:
  ///   - sources: The segments from the log's start on that are compacted.
  ///   - ends: Where each of them ends.
  ///   - dirty: Where the new part of them begins.
  init(
    _ log: Log, _ sources: [SegmentFile], ends: [Offset], dirty: Offset,
    _ rules: CompactionRules, _ limits: CompactionLimits
  ) throws(LogError) {
    let first = sources[0].baseOffset
    let last = ends[ends.count - 1]
    let aborted = try log.aborted.overlapping(first..<last, from: first)
    let (map, end) = try Self.keys(
      of: log, sources, dirty..<last, TransactionCleaning(aborted), byteLimit: limits.mapByteCount)
    var rules = rules
    rules.mapEnd = end
    let cleaner = try BatchCleaner(rules)
    self.log = log
    self.limits = limits
    self.map = map
    self.ends = ends
    // What lies behind the last key that was met stays as it is.
    self.sources = sources.filter { $0.baseOffset < end }
    self.cleaner = cleaner
    transactions = TransactionCleaning(aborted)
    report = CompactionReport(end: end)
  }

  /// The last offsets of keys, and up to where that is all of them.
  private static func keys(
    of log: Log, _ sources: [SegmentFile], _ dirty: Range<Offset>,
    _ transactions: TransactionCleaning, byteLimit: Int
  ) throws(LogError) -> (OffsetMap, Offset) {
    var transactions = transactions
    var keys = try CompactionKeys(of: dirty, byteLimit: byteLimit, log.environment.random)
    for segment in sources where segment.published.offset > dirty.lowerBound {
      var reader = try CompactionReader(segment, in: log)
      while keys.isWhole, try reader.next() {
        if reader.header.isControl {
          _ = transactions.meets(reader.marker, reader.header)
        } else if !transactions.meets(reader.header) {
          try keys.take(reader.batch, reader.header)
        }
      }
    }
    return (keys.map, keys.end)
  }
}

// MARK: Segments

extension Compaction {
  /// Goes through the segments, and lets others take the place of those of which something goes.
  mutating func run() throws(LogError) {
    for range in try groups() {
      try compact(Array(sources[range]), end: ends[range.upperBound - 1])
    }
    report.segmentCount = sources.count
    report.droppedRecordCount = cleaner.droppedRecordCount
    report.unkeyedRecordCount = cleaner.unkeyedRecordCount
  }

  private func groups() throws(LogError) -> [Range<Int>] {
    var facts: [CompactionSource] = []
    for (segment, end) in zip(sources, ends) {
      facts.append(
        CompactionSource(
          baseOffset: segment.baseOffset, endOffset: end,
          byteCount: segment.published.position,
          indexByteCount: try log.index(of: segment).largerByteCount))
    }
    return CompactionGroups(
      segmentByteCount: log.configuration.segmentByteCount,
      indexByteCount: log.configuration.indexByteCount
    ).ranges(of: facts)
  }

  /// Writes what is kept of neighbours, and lets that take their place. A segment alone of which nothing
  /// goes stays.
  private mutating func compact(_ group: [SegmentFile], end: Offset) throws(LogError) {
    let before = group.reduce(0) { $0 + $1.published.position }
    report.byteCountBefore += before
    let replacement = SegmentReplacement(log, group, end: end)
    do throws(LogError) {
      guard let written = try write(group, for: replacement) else {
        _ = transactions.takeEntries()
        report.byteCountAfter += before
        return
      }
      try replacement.perform(with: written, transactions.takeEntries())
      report.byteCountAfter += written.reduce(0) { $0 + $1.file.byteCount }
      report.replacedSegmentCount += group.count
      report.writtenSegmentCount += written.count
    } catch {
      replacement.abandon()
      throw error
    }
  }

  /// Writes what is kept; nil where that is all of one segment.
  private mutating func write(
    _ group: [SegmentFile], for replacement: SegmentReplacement
  ) throws(LogError) -> [CompactedSegment]? {
    let largest = group.lazy.map { $0.published.position }.max() ?? 0
    var output = CompactionOutput(
      replacement,
      CompactionRollRule(
        log.configuration, largest: largest, byteLimit: limits.segmentByteCount))
    if group.count > 1 { try output.begin() }
    for segment in group {
      var reader = try CompactionReader(segment, in: log)
      while try reader.next() {
        let isLast = segment === group[group.count - 1] && reader.isAtLast
        let outcome = try outcome(of: reader, isLast: isLast)
        if case .whole = outcome {
          try output.append(reader.batch.bytes, reader.header)
          continue
        }
        if !output.isBegun { try output.begin(first: reader.position, of: reader.file) }
        if case .rest(let batch) = outcome { try output.append(batch.bytes, batch.header) }
      }
    }
    return try output.finish()
  }

  private mutating func outcome(
    of reader: borrowing CompactionReader, isLast: Bool
  ) throws(LogError) -> BatchCleaner.Outcome {
    let header = reader.header
    let isDiscardable =
      header.isControl
      ? transactions.meets(reader.marker, header) : transactions.meets(header)
    guard header.baseOffset < cleaner.rules.mapEnd else { return .whole }
    let terms = cleaner.rules.terms(header, isDiscardable: isDiscardable, isLast: isLast)
    return try cleaner.clean(reader.batch, header, terms, map)
  }
}
