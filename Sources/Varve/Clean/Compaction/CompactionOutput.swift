internal import VarveSystem

/// What compaction writes of neighbours: one segment, and another one behind it where what was compressed
/// comes out so much larger that one is not enough.
struct CompactionOutput {
  private let replacement: SegmentReplacement
  private let rule: CompactionRollRule
  private var extent: CompactedExtent
  private var segments: [CompactedSegment] = []
  private var file: CompactedFile?

  init(_ replacement: SegmentReplacement, _ rule: CompactionRollRule) {
    self.replacement = replacement
    self.rule = rule
    extent = CompactedExtent(of: replacement.baseOffset)
  }

  /// Whether anything is written: until something goes, nothing need be.
  var isBegun: Bool { file != nil }

  /// Begins to write.
  mutating func begin() throws(LogError) { file = try replacement.begin(extent.baseOffset) }

  /// Begins to write, with the first bytes of a segment as they are. All of their batches have been noted.
  mutating func begin(first byteCount: Int, of segment: OpenFile) throws(LogError) {
    try begin()
    try file?.append(first: byteCount, of: segment)
  }

  /// Appends a batch, or takes note of it where nothing is written yet.
  mutating func append(_ bytes: RawSpan, _ header: BatchHeader) throws(LogError) {
    if isBegun, rule.rolls(extent, before: header) {
      try finishSegment()
      extent = CompactedExtent(of: extent.end)
      try begin()
    }
    extent.add(header, rule)
    try file?.append(bytes)
  }

  /// What was written; nil if nothing was.
  mutating func finish() throws(LogError) -> [CompactedSegment]? {
    guard isBegun else { return nil }
    try finishSegment()
    // The last one stands for all up to the next segment, whatever has gone there.
    segments[segments.count - 1].end = replacement.end
    return segments
  }

  private mutating func finishSegment() throws(LogError) {
    guard let file = file.take() else { return }
    try file.flush()
    segments.append(CompactedSegment(baseOffset: extent.baseOffset, end: extent.end, file: file))
  }
}

/// A segment that compaction has written.
struct CompactedSegment {
  let baseOffset: Offset
  /// Where the next segment begins.
  var end: Offset
  let file: CompactedFile

  var offsets: Range<Offset> { baseOffset..<end }
}
