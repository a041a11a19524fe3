/// Leaves out what readers of committed records do not want: markers, and the batches of transactions
/// that came to nothing.
///
/// What is in no transaction costs a look at a flag. Of a segment with transactions it asks once which
/// of them came to nothing.
struct CommittedFilter {
  /// For these offsets it is known.
  private var known: Range<Offset> = 0..<0
  private var aborted: [Int64: [AbortedTransaction]] = [:]

  /// Whether it can be told of a batch without a look at an index, which may wait for a device.
  func knows(_ header: BatchHeader) -> Bool {
    header.isControl || !header.isTransactional || known.contains(header.baseOffset)
  }

  /// Finds out about a batch, and those behind it in its segment below an offset.
  mutating func learn(
    of header: BatchHeader, _ segment: SegmentFile, below end: Offset, in log: Log
  ) throws(LogError) {
    guard !knows(header) else { return }
    let bound = max(header.nextOffset, min(end, segment.published.offset))
    let offsets = header.baseOffset..<bound
    aborted = Dictionary(grouping: try log.findAborted(in: offsets), by: \.producerID)
    known = offsets
  }

  /// Whether the records of a batch count, of which it ``knows(_:)``.
  func admits(_ header: BatchHeader) -> Bool {
    guard !header.isControl else { return false }
    guard header.isTransactional, !aborted.isEmpty, let producer = header.producer else {
      return true
    }
    let offset = header.baseOffset
    return aborted[producer.id]?.contains { $0.firstOffset <= offset && offset <= $0.lastOffset }
      != true
  }
}
