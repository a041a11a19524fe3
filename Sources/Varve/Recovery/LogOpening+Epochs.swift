internal import VarveSystem

extension LogOpening {
  /// The reigns of the log's leaders: what the file says, where the batches that were looked at say
  /// nothing else, and what the batches say otherwise.
  ///
  /// - Parameters:
  ///   - restingEpoch: What the file has to say at the least, as far as is known.
  ///   - areAllSightings: Whether all batches were looked at.
  /// - Throws: Where neither the file can be read nor all of the batches: what would be written then is
  ///   that there were no leaders.
  func epochs(
    _ sightings: [EpochSighting], of segments: [SegmentFile], _ active: RecoveredSegment,
    from start: Offset, restingEpoch: LeaderEpochStart?, areAllSightings: Bool
  ) throws(SystemError) -> EpochLedger {
    let offsets = start..<max(start, active.end.offset)
    var (found, unread) = (EpochCache?.none, SystemError?.none)
    do throws(SystemError) {
      found = try EpochLedger.read(in: directory, fileSystem)
    } catch {
      unread = error
    }
    let latest = offsets.isEmpty ? .none : active.scan.leaderEpoch
    // By itself: what is found in some batches may have begun in others, which were not looked at.
    let isWhole = restingEpoch.map { resting in
      found?.reconciled(with: [], offsets)?.has(resting, from: start) ?? false
    }
    if isWhole ?? true, let cache = found?.reconciled(with: sightings, offsets),
      latest <= cache.latest?.epoch ?? .none
    {
      return ledger(cache, isWritten: cache == found)
    }
    let isThere = EpochLedger.isThere(in: directory, fileSystem)
    let needsWalk = !areAllSightings && (isThere || restingEpoch != nil || latest != .none)
    // In a log that others have written, too, batches of no epoch may follow those of a leader.
    let walked = needsWalk ? walk(segments, active) : (sightings: sightings, isWhole: true)
    if let unread, !walked.isWhole { throw unread }
    let all = walked.sightings.filter { $0.epoch != .none }
    let cache = EpochCache().reconciled(with: all, offsets) ?? EpochCache()
    return ledger(cache, isWritten: cache.isEmpty && !isThere)
  }

  private func ledger(_ cache: EpochCache, isWritten: Bool) -> EpochLedger {
    EpochLedger(cache, in: directory, isWritten: isWritten, fileSystem)
  }

  /// Looks at the header of each batch, as far as the device lets them be read. What is wrong with one is
  /// for whoever reads it.
  private func walk(
    _ segments: [SegmentFile], _ active: RecoveredSegment
  ) -> (sightings: [EpochSighting], isWhole: Bool) {
    var (sightings, isWhole) = ([EpochSighting](), true)
    for segment in segments {
      guard let file = try? segment.openFile() else {
        isWhole = false
        continue
      }
      for part in segment.intactParts
      where !walk(file, from: part.start, to: part.limit, &sightings) {
        isWhole = false
      }
    }
    let start = SegmentEnd(offset: active.baseOffset, position: 0)
    if !walk(active.file, from: start, to: active.end.position, &sightings) { isWhole = false }
    return (sightings, isWhole)
  }

  /// Returns whether the device has let all of it be read.
  private func walk(
    _ file: OpenFile, from start: SegmentEnd, to limit: Int, _ sightings: inout [EpochSighting]
  ) -> Bool {
    var walk = HeaderWalk(
      file, from: start.position, firstOffset: start.offset, limit: limit,
      readAhead: LogLimits.lookupByteCount, buffers: BufferPool())
    do throws(LogError) {
      while try walk.advance() {
        if let header = walk.header { sightings.note(header) }
        walk.hurry()
      }
    } catch {
      return error.breach != nil
    }
    return true
  }
}

extension [EpochSighting] {
  /// Takes note of the next batch.
  @inline(__always)
  mutating func note(_ header: BatchHeader) {
    if last?.epoch == header.leaderEpoch {
      self[count - 1].lastOffset = header.lastOffset
    } else {
      append(
        EpochSighting(
          epoch: header.leaderEpoch, firstOffset: header.baseOffset,
          lastOffset: header.lastOffset))
    }
  }
}
