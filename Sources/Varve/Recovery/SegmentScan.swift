internal import VarveSystem

/// What going through a segment from its start has found: where it ends, and its indexes.
struct SegmentScan {
  var end: SegmentEnd
  var index: IndexMemory
  var firstTimestamp: Timestamp?
  var maxTimestamp: Timestamp = .none
  var maxTimestampOffset: Offset
  var leaderEpoch: LeaderEpoch = .none
  /// Why it ended before the file did, if it did.
  var fault: LogError?

  /// Goes through a segment's batches up to the first one that is not whole, or does not fit behind
  /// the one before it.
  init(
    _ file: OpenFile, baseOffset: Offset, limit: Int, configuration: LogConfiguration,
    continuity: BatchChain.Continuity = .gapsAllowed
  ) throws(SystemError) {
    let interval = configuration.indexIntervalByteCount
    index = try IndexMemory(
      baseOffset: baseOffset,
      limits: IndexLimits(
        configuration, segmentByteCount: max(limit, configuration.segmentByteCount)))
    end = SegmentEnd(offset: baseOffset, position: 0)
    maxTimestampOffset = baseOffset
    var stream = BatchStream(
      baseOffset: baseOffset, from: 0, limit: limit,
      chain: BatchChain(from: baseOffset, continuity: continuity))
    var threshold = interval
    while true {
      let step: BatchStream.Step
      do throws(LogError) {
        step = try stream.advance()
      } catch {
        fault = error
        return
      }
      switch step {
      case .end: return
      case .needsBytes: _ = try stream.fill(from: file)
      case .batch:
        let header = stream.currentHeader
        guard
          header.lastOffset.rawValue - baseOffset.rawValue <= LogLimits.maximumRelativeOffset
        else { return }
        take(header, at: stream.batchPosition, &threshold, interval)
      }
    }
  }

  /// Takes note of a batch, and indexes it by the rule by which it would have been as it was
  /// appended.
  private mutating func take(
    _ header: BatchHeader, at position: Int, _ threshold: inout Int, _ interval: Int
  ) {
    if position == 0 { firstTimestamp = header.maxTimestamp }
    if header.maxTimestamp > maxTimestamp {
      maxTimestamp = header.maxTimestamp
      maxTimestampOffset = header.lastOffset
    }
    if position > threshold {
      index.append(OffsetIndexEntry(offset: header.lastOffset, position: position))
      index.append(TimeIndexEntry(timestamp: maxTimestamp, offset: maxTimestampOffset))
      threshold = position + interval
    }
    if header.leaderEpoch != .none { leaderEpoch = header.leaderEpoch }
    end = SegmentEnd(offset: header.nextOffset, position: position + header.byteCount)
  }
}

extension SegmentScan {
  /// What a side file says that a scan would find.
  init(_ last: SideRecord.LastSegment, _ index: IndexMemory) {
    self.index = index
    end = last.end
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
