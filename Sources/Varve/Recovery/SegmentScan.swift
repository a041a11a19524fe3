internal import VarveSystem

/// What going through a segment's batches has found so far: where they end, and their indexes.
struct SegmentScan {
  let baseOffset: Offset
  var end: SegmentEnd
  var index: IndexMemory
  var digest = SegmentDigest()
  var firstTimestamp: Timestamp?
  var maxTimestamp: Timestamp = .none
  var maxTimestampOffset: Offset
  var leaderEpoch: LeaderEpoch = .none
  /// Whether any batch is an idempotent producer's.
  private(set) var hasProducers = false
  /// Under whom the batches were appended, as far as they say.
  private(set) var sightings: [EpochSighting] = []
  /// Why it ended before the file did, if it did.
  private(set) var fault: LogError?
  /// The batch at ``end`` that is whole and does not fit there, if one stands there.
  private(set) var misfit: BatchHeader?
  private(set) var readByteCount = 0

  private let interval: Int
  private var threshold: Int

  /// Has found nothing yet of a segment that may have so many bytes.
  init(
    of baseOffset: Offset, byteCount: Int, _ configuration: LogConfiguration
  ) throws(SystemError) {
    self.baseOffset = baseOffset
    index = try IndexMemory(
      baseOffset: baseOffset,
      limits: IndexLimits(
        configuration, segmentByteCount: max(byteCount, configuration.segmentByteCount)))
    end = SegmentEnd(offset: baseOffset, position: 0)
    maxTimestampOffset = baseOffset
    interval = configuration.indexIntervalByteCount
    threshold = interval
  }
}

extension SegmentScan {
  /// Which batches belong to the segment.
  struct Bounds {
    /// How far the file is read.
    var byteCount: Int
    /// The first offset that is not of this segment any more.
    var nextBase: Offset?
    var continuity = BatchChain.Continuity.gapsAllowed
  }

  /// Goes on from ``end`` up to the first batch that is not whole, or does not fit behind the one
  /// before it.
  mutating func run(
    through file: OpenFile, _ bounds: Bounds, progress: (Int) -> Void = { _ in }
  ) throws(SystemError) {
    (fault, misfit) = (nil, nil)
    var stream = BatchStream(
      baseOffset: baseOffset, from: end.position, limit: bounds.byteCount,
      chain: BatchChain(
        from: end.offset, leaderEpoch: leaderEpoch, continuity: bounds.continuity))
    defer { readByteCount += stream.readByteCount }
    var apart: Found?
    while true {
      let step: BatchStream.Step
      do throws(LogError) {
        step = try stream.advance()
      } catch {
        (fault, misfit) = (error, stream.headerAhead)
        if let apart {
          if isContradicted(apart, by: misfit) {
            misfit = apart.header
          } else {
            take(apart.header, at: apart.position)
          }
        }
        return
      }
      if case .needsBytes = step {
        progress(stream.position)
        _ = try stream.fill(from: file)
        continue
      }
      if apart != nil, let found = apart.take() { take(found.header, at: found.position) }
      guard case .batch = step else { return }
      guard holds(stream.currentHeader, until: bounds.nextBase) else {
        misfit = stream.currentHeader
        return
      }
      // Nearly all of them: the header is looked at where it is, and not copied.
      if stream.currentHeader.baseOffset == end.offset {
        take(stream.currentHeader, at: stream.batchPosition)
      } else {
        apart = Found(header: stream.currentHeader, position: stream.batchPosition)
      }
    }
  }

  /// A batch that is whole.
  private struct Found {
    let header: BatchHeader
    let position: Int
  }

  /// Whether a batch that was found behind a gap is not what it says: no checksum covers its offset,
  /// and the batch behind it, of which that holds as well, fits the one before it.
  private func isContradicted(_ found: Found, by next: BatchHeader?) -> Bool {
    next.map { (end.offset..<found.header.nextOffset).contains($0.baseOffset) } ?? false
  }

  @inline(__always)
  private func holds(_ header: BatchHeader, until nextBase: Offset?) -> Bool {
    header.lastOffset.rawValue - baseOffset.rawValue <= LogLimits.maximumRelativeOffset
      && header.nextOffset.rawValue <= nextBase?.rawValue ?? .max
  }

  /// Takes note of a batch, and indexes it by the rule by which it would have been as it was
  /// appended.
  @inline(__always)
  private mutating func take(_ header: BatchHeader, at position: Int) {
    if firstTimestamp == nil { firstTimestamp = header.maxTimestamp }
    if header.maxTimestamp > maxTimestamp {
      maxTimestamp = header.maxTimestamp
      maxTimestampOffset = header.lastOffset
    }
    if position > threshold { addIndexEntries(lastOffset: header.lastOffset, at: position) }
    if header.leaderEpoch != .none { leaderEpoch = header.leaderEpoch }
    if header.hasProducer { hasProducers = true }
    sightings.note(header)
    digest.add(header)
    end = SegmentEnd(offset: header.nextOffset, position: position + header.byteCount)
  }

  @inline(never)
  private mutating func addIndexEntries(lastOffset: Offset, at position: Int) {
    index.append(OffsetIndexEntry(offset: lastOffset, position: position))
    index.append(TimeIndexEntry(timestamp: maxTimestamp, offset: maxTimestampOffset))
    threshold = position + interval
  }

  /// Where the offsets of ``misfit`` end, if they are those that are next: how many there are is in its
  /// checksum, and which is not.
  var misfitEnd: Offset? { misfit.map { end.offset.advanced(by: Int($0.lastOffsetDelta) + 1) } }

  /// Whether a batch was found.
  var hasBatches: Bool { firstTimestamp != nil }

  /// The offset of the first batch of a file, if that is whole.
  static func firstOffset(
    of file: OpenFile, behind base: Offset, byteCount: Int
  ) throws(SystemError) -> Offset? {
    var stream = BatchStream(
      baseOffset: base, from: 0, limit: byteCount,
      chain: BatchChain(from: base, continuity: .gapsAllowed))
    while true {
      guard let step = try? stream.advance() else { return nil }
      switch step {
      case .batch: return stream.currentHeader.baseOffset
      case .end: return nil
      case .needsBytes: guard try stream.fill(from: file) else { return nil }
      }
    }
  }

  /// Goes on behind a part that is lost.
  mutating func skip(to next: SegmentEnd) { end = next }
}

extension SegmentScan {
  /// What a side file says that a scan would find.
  init(_ last: SideRecord.LastSegment, _ index: IndexMemory, interval: Int) {
    baseOffset = last.baseOffset
    self.index = index
    self.interval = interval
    threshold = (index.offsets.last?.position ?? 0) + interval
    end = last.end
    digest = last.digest
    firstTimestamp = last.end.position > 0 ? last.firstTimestamp : nil
    maxTimestamp = last.maxTimestamp
    maxTimestampOffset = last.maxTimestampOffset
    leaderEpoch = last.leaderEpoch
  }

  /// The last entry of the time index.
  var finalTime: TimeIndexEntry {
    TimeIndexEntry(timestamp: maxTimestamp, offset: maxTimestampOffset)
  }
}

extension SegmentScan {
  /// Goes through a segment of which parts are lost, and known to be.
  mutating func run(
    through file: OpenFile, over damage: [DamagedRange], byteCount: Int
  ) throws(SystemError) {
    for range in damage {
      try run(through: file, Bounds(byteCount: range.positions.lowerBound))
      skip(
        to: SegmentEnd(offset: range.offsets.upperBound, position: range.positions.upperBound))
    }
    try run(through: file, Bounds(byteCount: byteCount))
  }
}
