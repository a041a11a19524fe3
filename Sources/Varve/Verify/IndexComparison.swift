internal import VarveSystem

/// Compares the indexes of a segment, entry by entry, with the batches that they lead to. They need not be
/// those that this log would have written: Kafka's, and those of another interval, are right too.
struct IndexComparison {
  private let index: IndexMemory
  private var offsetCount = 0
  private var timeCount = 0
  private var newest = Timestamp.none
  private(set) var state = SegmentVerification.IndexState.sound

  init(_ index: IndexMemory) { self.index = index }

  /// Goes through a segment that has been found whole.
  mutating func run(through examination: SegmentExamination) throws(SystemError) {
    var stream = BatchStream(
      baseOffset: examination.segment.baseOffset, from: 0, limit: examination.end.position,
      chain: BatchChain(from: examination.segment.baseOffset, continuity: .gapsAllowed))
    while state == .sound {
      guard let step = try? stream.advance() else { break }
      switch step {
      case .batch: take(stream.currentHeader, at: stream.batchPosition)
      case .needsBytes: _ = try stream.fill(from: examination.file)
      case .end:
        finish()
        return
      }
    }
  }

  private mutating func take(_ header: BatchHeader, at position: Int) {
    if offsetCount < index.offsets.count {
      let entry = index.offsets[offsetCount]
      if entry.position == position, header.baseOffset <= entry.offset {
        offsetCount += 1
      } else if entry.position <= position {
        state = .wrong("the offset index says \(entry.offset) at \(entry.position)")
      }
    }
    // Up to its offset, no record is newer than an entry of the time index says.
    while timeCount < index.times.count, index.times[timeCount].offset < header.baseOffset {
      takeTime()
    }
    newest = max(newest, header.maxTimestamp)
  }

  private mutating func takeTime() {
    let entry = index.times[timeCount]
    timeCount += 1
    if newest > entry.timestamp {
      state = .wrong("the time index says \(entry.timestamp) up to \(entry.offset)")
    }
  }

  private mutating func finish() {
    while timeCount < index.times.count, state == .sound { takeTime() }
    if state == .sound, offsetCount < index.offsets.count {
      let entry = index.offsets[offsetCount]
      state = .wrong("the offset index says \(entry.offset) at \(entry.position)")
    }
    if state == .sound, newest > index.maxTimestamp {
      state = .wrong("the time index ends with \(index.maxTimestamp), and \(newest) is there")
    }
  }
}
