internal import VarveSystem

/// Goes through the batches of a segment at rest, no faster than compaction may.
struct CompactionReader: ~Copyable {
  let segment: SegmentFile
  let file: OpenFile
  private let pace: CompactionPace
  private var stream: BatchStream

  init(_ segment: SegmentFile, in log: Log) throws(LogError) {
    self.segment = segment
    pace = CompactionPace(log: log)
    file = try log.open(segment)
    stream = BatchStream(
      baseOffset: segment.baseOffset, from: 0, limit: segment.published.position,
      chain: BatchChain(from: segment.baseOffset, continuity: .gapsAllowed),
      chunkByteCount: LogLimits.compactionByteCount)
  }

  /// Goes to the next batch, which has been compared with its checksum; false at the segment's end.
  mutating func next() throws(LogError) -> Bool {
    while true {
      switch try step() {
      case .batch: return true
      case .needsBytes:
        let before = stream.readByteCount
        _ = try stream.fill(from: file, of: segment)
        try pace.take(stream.readByteCount - before)
      case .end:
        try stream.checkEnd()
        return false
      }
    }
  }

  /// Goes on in the stream. What is damaged is not written once more, as if it were right.
  private mutating func step() throws(LogError) -> BatchStream.Step {
    let log = pace.log
    do throws(LogError) {
      let step = try stream.advance()
      guard let position = stream.doubtfulPosition(after: step, of: segment, in: log),
        let lost = try log.damage(of: segment, at: position)
      else { return step }
      throw .damaged(lost)
    } catch {
      guard error.casts(doubtOn: segment),
        let lost = try log.damage(
          of: segment, at: stream.position, behind: stream.batchPosition)
      else { throw error }
      throw .damaged(lost)
    }
  }

  var header: BatchHeader { stream.currentHeader }

  var batch: BatchView {
    @_lifetime(borrow self) get { unsafe _overrideLifetime(stream.current, borrowing: self) }
  }

  /// Where the batch begins in the segment.
  var position: Int { stream.batchPosition }

  /// Whether it is the segment's last one.
  var isAtLast: Bool { stream.isAtLimit }

  /// What a control batch says.
  var marker: TransactionCleaning.Marker {
    guard stream.currentHeader.recordCount > 0 else { return .emptied }
    switch EndTransactionMarker.marker(of: stream.current)?.outcome {
    case .aborted: return .abort
    case .committed: return .commit
    case nil: return .other
    }
  }
}

/// How fast compaction reads and writes, all logs of a runtime together; and that it ends with its log.
struct CompactionPace: Sendable {
  let log: Log

  /// Waits until so many bytes may be read or written.
  func take(_ byteCount: Int) throws(LogError) {
    let time = log.environment.time
    var rest = log.runtime.compactionBucket.withLock {
      $0?.take(byteCount, now: time.monotonicNanoseconds) ?? 0
    }
    try check()
    while rest > 0 {
      time.sleep(nanoseconds: min(rest, LogLimits.compactionPause))
      rest -= LogLimits.compactionPause
      try check()
    }
  }

  private func check() throws(LogError) {
    guard log.directoryLock?.isHeld == true else { throw .closed }
  }
}
