internal import VarveSystem

/// Goes through the batches of a log in order, each compared with its checksum and with the one
/// before it, in a buffer that is used again and again.
///
/// ```swift
/// var scan = try log.scan(from: .earliest)
/// while let batch = try scan.next() {
///   try batch.records.forEach { record in … }
/// }
/// ```
///
/// It waits for the device where it must, so it is for threads that may. In tasks there is
/// ``Log/tail(from:isolation:)``.
public struct LogScan: ~Copyable {
  private let log: Log
  private var segment: SegmentFile
  private var file: OpenFile
  private var stream: BatchStream
  private var first: Offset
  /// Where it ends: no batch begins there or behind it.
  private let end: Offset
  /// Up to where it may read: no batch reaches beyond.
  private let limit: Offset
  /// What is left out; nil where all is read.
  private var filter: CommittedFilter?

  init(
    _ log: Log, from place: Place, until end: Offset, _ limit: Offset, _ isolation: ReadIsolation
  ) throws(LogError) {
    self.log = log
    self.end = min(end, limit)
    self.limit = limit
    filter = isolation == .lastStable ? CommittedFilter() : nil
    let (place, file) = try log.opened(place)
    first = place.offset
    (segment, self.file) = (place.segment, file)
    stream = BatchStream(of: segment, from: place.position)
  }

  /// The next batch, or nil at the end. The first one may begin before the offset that was asked
  /// for: batches are read whole.
  ///
  /// - Throws: ``LogError/Code/corrupt`` where what is there is no batch, or not the next one; each
  ///   further call says the same.
  ///   Where a part of the log is lost, ``LogError/damage`` says which: see ``skip(past:)``.
  @_lifetime(&self)
  public mutating func next() throws(LogError) -> BatchView? {
    guard try advance() else { return nil }
    return stream.current
  }

  /// Goes on behind a part that is lost.
  public mutating func skip(past damage: DamagedRange) {
    first = max(first, damage.offsets.upperBound)
  }

  private mutating func advance() throws(LogError) -> Bool {
    while true {
      switch try step() {
      case .batch:
        guard stream.nextOffset > first else { continue }
        guard stream.currentHeader.baseOffset < end, stream.nextOffset <= limit else {
          return false
        }
        if try isWanted() { return true }
      case .needsBytes: _ = try stream.fill(from: file, of: segment)
      case .end: guard try goOn() else { return false }
      }
    }
  }

  /// Goes on in the stream. Where something cannot be, the segment is looked through: what is lost in it
  /// is stood before then.
  private mutating func step() throws(LogError) -> BatchStream.Step {
    while true {
      do throws(LogError) {
        let step = try stream.advance()
        guard let position = stream.doubtfulPosition(after: step, of: segment, in: log),
          let lost = try log.damage(of: segment, at: position)
        else { return step }
        stand(before: lost)
      } catch {
        guard error.casts(doubtOn: segment),
          let lost = try log.damage(
            of: segment, at: stream.position, behind: stream.batchPosition)
        else { throw error }
        if !lost.positions.contains(stream.position) {
          first = try lost.wanted(from: first, readTo: stream.nextOffset)
        }
        stand(before: lost)
      }
    }
  }

  private mutating func stand(before lost: DamagedRange) {
    stream = BatchStream(of: segment, from: lost.positions.lowerBound)
  }

  /// Whether the batch that was found is one to be read.
  private mutating func isWanted() throws(LogError) -> Bool {
    // Where it is, and not copied.
    guard filter != nil, !stream.currentHeader.isPlain else { return true }
    let header = stream.currentHeader
    try filter?.learn(of: header, segment, below: end, in: log)
    // What is known of transactions now is of the segment that is there now.
    if segment.removal == .replaced {
      try move(to: max(first, header.baseOffset))
      return false
    }
    return filter?.admits(header) ?? true
  }

  /// Goes on in what the segment has become.
  private mutating func move(to next: Offset) throws(LogError) {
    let (place, file) = try log.opened(at: next)
    if filter != nil { filter = CommittedFilter() }
    first = max(first, place.offset)
    (segment, self.file) = (place.segment, file)
    stream = BatchStream(of: segment, from: place.position)
  }

  /// Goes on where the segment has grown, or in the next one; false at the end of the log.
  private mutating func goOn() throws(LogError) -> Bool {
    if try stream.passDamage(of: segment, wanting: first) { return true }
    do throws(LogError) {
      return try goOnInNext()
    } catch {
      guard error == .replacedMeanwhile else { throw error }
      try move(to: max(first, stream.nextOffset))
      return true
    }
  }

  private mutating func goOnInNext() throws(LogError) -> Bool {
    guard stream.nextOffset < end,
      let next = try log.segment(behind: segment, readTo: stream.nextOffset)
    else { return stream.extend(to: segment) }
    // Only now is this segment's end its last.
    if stream.extend(to: segment) { return true }
    try stream.checkEnd()
    file = try log.open(next)
    segment = next
    stream.goOn(in: next)
    return true
  }
}

extension BatchStream {
  /// The batches of a segment from a position on, where one begins.
  init(of segment: SegmentFile, from position: Int) {
    self.init(
      baseOffset: segment.baseOffset, from: position, limit: segment.limit(from: position),
      chain: BatchChain(from: segment.baseOffset, continuity: .gapsAllowed))
  }

  var nextOffset: Offset { chain.nextOffset }

  /// Reads on from a segment's file; false where that would have to wait for a device and must not.
  mutating func fill(
    from file: OpenFile, of segment: SegmentFile, isResident: Bool = false
  ) throws(LogError) -> Bool {
    let published = limit
    do throws(SystemError) {
      guard try fill(from: file, isResident: isResident) else { return false }
    } catch {
      throw LogError(error, "read the segment \(segment.baseOffset)")
    }
    // What was published stays there, but for what somebody else does to the file.
    guard limit == published else {
      throw LogError(
        .corrupt,
        "segment \(baseOffset) ends at \(limit): its file was cut by someone else, \(published) bytes "
          + "were there")
    }
    return true
  }

  /// Takes note of how far a segment reaches by now; false if that is no further than it was.
  mutating func extend(to segment: SegmentFile) -> Bool {
    let end = segment.limit(from: position)
    guard end > limit else { return false }
    limit = end
    return true
  }

  /// A segment with another one behind it holds whole batches and nothing else.
  func checkEnd() throws(LogError) {
    guard position < limit else { return }
    throw LogError(
      .corrupt,
      "segment \(baseOffset) ends at \(limit), in the middle of a batch that begins at \(position)")
  }

  /// Goes on at the start of another segment, whose leaders are compared with the list of them: of a log
  /// that others wrote they may lie before those of the segment before.
  mutating func goOn(in segment: SegmentFile) {
    self = BatchStream(
      baseOffset: segment.baseOffset, from: 0, limit: segment.limit(from: 0),
      chain: BatchChain(
        from: max(chain.nextOffset, segment.baseOffset), continuity: chain.continuity),
      storage: storage)
  }
}
