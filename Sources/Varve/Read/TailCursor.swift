internal import VarveSystem

// SAFETY: one task iterates, and while one of the runtime's threads works on the cursor that task is
// suspended until it is done.
/// Where a ``Tail`` is.
final class TailCursor: @unchecked Sendable {
  enum Step {
    case batch(RecordBatch)
    /// The bytes are not in memory: ``waitForDevice()``, on a thread that may.
    case needsDevice
    case atEnd
  }

  private let log: Log
  private let position: LogPosition
  let isolation: ReadIsolation
  private var reading: TailReading?

  init(_ log: Log, from position: LogPosition, _ isolation: ReadIsolation) {
    self.log = log
    self.position = position
    self.isolation = isolation
  }

  /// The offset from which on something would be new.
  var nextOffset: Offset { reading?.nextOffset ?? 0 }

  /// The next batch, if it is in memory.
  func next() throws(LogError) -> Step {
    guard let reading else { return .needsDevice }
    return try reading.next(log, isolation)
  }

  /// Does what ``next()`` could not do without waiting.
  func waitForDevice() throws(LogError) {
    if let reading {
      try reading.waitForDevice(log, isolation)
    } else {
      try log.checkWaitable(isolation)
      reading = try TailReading(log, try log.place(of: position, isolation))
    }
  }
}

/// The segment that a tail is in, and the batches of it that are there.
private final class TailReading {
  private var segment: SegmentFile
  private var file: OpenFile
  private var stream: BatchStream
  private let first: Offset
  /// Whether the batch that was found last may not be read yet.
  private var isHeld = false
  /// What is left out where that is asked for.
  private var filter = CommittedFilter()

  init(_ log: Log, _ place: Place) throws(LogError) {
    segment = place.segment
    first = place.offset
    file = try log.open(place.segment)
    stream = BatchStream(
      baseOffset: place.segment.baseOffset, from: place.position,
      limit: place.segment.limit(from: place.position),
      chain: BatchChain(from: place.segment.baseOffset, continuity: .gapsAllowed))
  }

  var nextOffset: Offset {
    isHeld ? stream.currentHeader.lastOffset : max(stream.nextOffset, first)
  }

  func next(
    _ log: Log, _ isolation: ReadIsolation
  ) throws(LogError) -> TailCursor.Step {
    if isHeld, let step = take(log, isolation) { return step }
    while true {
      switch try stream.advance() {
      case .batch:
        if stream.currentHeader.nextOffset > first, let step = take(log, isolation) { return step }
      case .needsBytes: guard try fill(isResident: log.knowsResidency) else { return .needsDevice }
      case .end:
        if try stream.passDamage(of: segment, wanting: first) { continue }
        guard let next = try nextSegment(log) else { return .atEnd }
        guard next !== segment else { continue }
        guard next.parts.file != nil else { return .needsDevice }
        try goOn(in: next, log)
      }
    }
  }

  /// The batch that was found last, once all of it may be read; nil where it is to be left out.
  private func take(_ log: Log, _ isolation: ReadIsolation) -> TailCursor.Step? {
    guard isolation != .logEnd else { return .batch(stream.sharedBatch) }
    let header = stream.currentHeader
    isHeld = header.nextOffset > log.end(isolation)
    guard !isHeld else { return .atEnd }
    guard isolation == .lastStable else { return .batch(stream.sharedBatch) }
    isHeld = !filter.knows(header)
    guard !isHeld else { return .needsDevice }
    return filter.admits(header) ? .batch(stream.sharedBatch) : nil
  }

  func waitForDevice(_ log: Log, _ isolation: ReadIsolation) throws(LogError) {
    if isHeld {
      let end = log.end(isolation)
      return try filter.learn(of: stream.currentHeader, segment, below: end, in: log)
    }
    if try stream.passDamage(of: segment, wanting: first) { return }
    if stream.isAtLimit, let next = try nextSegment(log), next !== segment {
      try goOn(in: next, log)
    } else {
      _ = try fill(isResident: false)
    }
  }

  /// Where to go on: in this segment, if it has grown, or in the next one; nil at the log's end.
  private func nextSegment(_ log: Log) throws(LogError) -> SegmentFile? {
    if stream.extend(to: segment) { return segment }
    guard let next = log.table.segment(after: segment.baseOffset) else { return nil }
    // Only now is this segment's end its last.
    if stream.extend(to: segment) { return segment }
    try stream.checkEnd()
    return next
  }

  private func goOn(in next: SegmentFile, _ log: Log) throws(LogError) {
    file = try log.open(next)
    segment = next
    stream.goOn(in: next)
  }

  private func fill(isResident: Bool) throws(LogError) -> Bool {
    try stream.fill(from: file, of: segment, isResident: isResident)
  }
}

extension BatchStream {
  /// The batch that was found last, which shares the stream's memory: from then on, the stream reads
  /// into new memory.
  var sharedBatch: RecordBatch {
    RecordBatch(sharing: storage, from: batchStart, header: currentHeader)
  }
}
