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
    return try reading.next(log)
  }

  /// Does what ``next()`` could not do without waiting.
  func waitForDevice() throws(LogError) {
    if let reading {
      try reading.waitForDevice(log)
    } else {
      try log.checkWaitable(isolation)
      reading = try TailReading(log, try log.place(of: position, isolation), isolation)
    }
  }
}

/// The segment that a tail is in, and the batches of it that are there.
private final class TailReading {
  private var segment: SegmentFile
  private var file: OpenFile
  private var stream: BatchStream
  private var first: Offset
  private let isolation: ReadIsolation
  /// What is left out; nil where all is read.
  private var filter: CommittedFilter?
  /// Whether the batch that was found last may not be read yet, or it is not known yet whether it counts.
  private var isHeld = false
  /// Where something is that cannot be, until the segment has been looked through.
  private var doubt: Doubt?
  /// Where something was doubted, and is right.
  private var cleared: Int?

  private struct Doubt {
    let position: Int
    /// Where the batch before it lies.
    let previous: Int
    /// What is wrong there, if it is not plainly a batch.
    let error: LogError?
  }

  init(_ log: Log, _ place: Place, _ isolation: ReadIsolation) throws(LogError) {
    self.isolation = isolation
    filter = isolation == .lastStable ? CommittedFilter() : nil
    let (place, file) = try log.opened(place)
    first = place.offset
    (segment, self.file) = (place.segment, file)
    stream = BatchStream(of: place.segment, from: place.position)
  }

  var nextOffset: Offset {
    isHeld ? stream.currentHeader.lastOffset : max(stream.nextOffset, first)
  }

  func next(_ log: Log) throws(LogError) -> TailCursor.Step {
    do throws(LogError) {
      return try step(log)
    } catch {
      guard error == .replacedMeanwhile else { throw error }
      return .needsDevice
    }
  }

  private func step(_ log: Log) throws(LogError) -> TailCursor.Step {
    if isHeld {
      guard try !hasMoved(log) else { return .needsDevice }
      if let step = take(log) { return step }
    }
    while true {
      guard let step = try advance(log) else { return .needsDevice }
      switch step {
      case .batch:
        if stream.currentHeader.nextOffset > first, let step = take(log) { return step }
      case .needsBytes: guard try fill(isResident: log.knowsResidency) else { return .needsDevice }
      case .end:
        if try stream.passDamage(of: segment, wanting: first) { continue }
        guard try !hasMoved(log) else { return .needsDevice }
        guard let next = try nextSegment(log) else { return .atEnd }
        guard next !== segment else { continue }
        // Once: it may be let go of at any time, and to open it again may wait.
        guard let file = next.parts.file else { return .needsDevice }
        goOn(in: next, file, log)
      }
    }
  }

  /// Goes on in the stream; nil where the segment is to be looked through first.
  private func advance(_ log: Log) throws(LogError) -> BatchStream.Step? {
    do throws(LogError) {
      let step = try stream.advance()
      guard let position = stream.doubtfulPosition(after: step, of: segment, in: log),
        !segment.isExamined || !segment.damage.isEmpty, position != cleared
      else { return step }
      if case .end = step {
        first = max(first, stream.nextOffset)
      } else {
        first = max(first, stream.expectedOffset ?? first)
      }
      doubt = Doubt(position: position, previous: position, error: nil)
    } catch {
      guard error.casts(doubtOn: segment) else { throw error }
      doubt = Doubt(position: stream.position, previous: stream.batchPosition, error: error)
    }
    return nil
  }

  /// Stands before what is lost, or where it was, if nothing is.
  private func settle(_ doubt: Doubt, _ log: Log) throws(LogError) {
    let lost = try log.damage(of: segment, at: doubt.position, behind: doubt.previous)
    if doubt.error != nil, let lost {
      // Where the batch before seemed to reach, nothing may have been read.
      first =
        lost.positions.contains(doubt.position)
        ? max(first, stream.nextOffset) : try lost.wanted(from: first, readTo: stream.nextOffset)
    }
    self.doubt = nil
    if lost == nil, let error = doubt.error { throw error }
    stream = BatchStream(of: segment, from: lost?.positions.lowerBound ?? doubt.position)
    cleared = lost == nil ? doubt.position : nil
  }

  /// The batch that was found last, once all of it may be read; nil where it is to be left out.
  private func take(_ log: Log) -> TailCursor.Step? {
    let header = stream.currentHeader
    isHeld = isolation != .logEnd && header.nextOffset > log.end(isolation)
    if isHeld { return .atEnd }
    guard let filter else { return .batch(stream.sharedBatch) }
    isHeld = !filter.knows(header)
    if isHeld { return .needsDevice }
    return filter.admits(header) ? .batch(stream.sharedBatch) : nil
  }

  /// Whether the log was cut, but for what was read, or compacted.
  private func hasMoved(_ log: Log) throws(LogError) -> Bool {
    try log.hasMoved(segment, readTo: readEnd)
  }

  /// The offset behind all that was read.
  private var readEnd: Offset {
    isHeld ? stream.currentHeader.baseOffset : max(stream.nextOffset, first)
  }

  /// Goes on in what the segment has become.
  private func move(_ log: Log) throws(LogError) {
    let (place, file) = try log.opened(at: readEnd)
    first = place.offset
    isHeld = false
    if filter != nil { filter = CommittedFilter() }
    (segment, self.file) = (place.segment, file)
    stream = BatchStream(of: segment, from: place.position)
  }

  func waitForDevice(_ log: Log) throws(LogError) {
    do throws(LogError) {
      try wait(log)
    } catch {
      guard error == .replacedMeanwhile else { throw error }
      try move(log)
    }
  }

  private func wait(_ log: Log) throws(LogError) {
    if let doubt { return try settle(doubt, log) }
    if stream.isAtLimit || isHeld, try hasMoved(log) { return try move(log) }
    if isHeld {
      let header = stream.currentHeader
      try filter?.learn(of: header, segment, below: log.end(isolation), in: log)
      return
    }
    if try stream.passDamage(of: segment, wanting: first) { return }
    if stream.isAtLimit, let next = try nextSegment(log), next !== segment {
      goOn(in: next, try log.open(next), log)
    } else {
      _ = try fill(isResident: false)
    }
  }

  /// Where to go on: in this segment, if it has grown, or in the next one; nil at the log's end.
  private func nextSegment(_ log: Log) throws(LogError) -> SegmentFile? {
    if stream.extend(to: segment) { return segment }
    guard let next = try log.segment(behind: segment, readTo: readEnd) else { return nil }
    // Only now is this segment's end its last.
    if stream.extend(to: segment) { return segment }
    try stream.checkEnd()
    return next
  }

  private func goOn(in next: SegmentFile, _ nextFile: OpenFile, _ log: Log) {
    var left = nextFile
    swap(&left, &file)
    // This may be the last that has it, and to free its space takes time.
    if segment.removal != nil { log.runtime.reap(consume left) }
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
