internal import VarveSystem

extension LogOpening {
  /// The reigns of the log's leaders: what the file says, where the batches that were looked at say
  /// nothing else, and what the batches say otherwise.
  ///
  /// - Parameters:
  ///   - restingEpoch: What the file has to say at the least, as far as is known.
  ///   - areAllSightings: Whether all batches were looked at.
  func epochs(
    _ sightings: [EpochSighting], of segments: [SegmentFile], _ active: RecoveredSegment,
    from start: Offset, restingEpoch: LeaderEpochStart?, areAllSightings: Bool
  ) -> EpochLedger {
    let offsets = start..<max(start, active.end.offset)
    let found = EpochLedger.read(in: directory, fileSystem)
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
    let all = (needsWalk ? walk(segments, active) : sightings).filter { $0.epoch != .none }
    let cache = EpochCache().reconciled(with: all, offsets) ?? EpochCache()
    return ledger(cache, isWritten: cache.isEmpty && !isThere)
  }

  private func ledger(_ cache: EpochCache, isWritten: Bool) -> EpochLedger {
    EpochLedger(cache, in: directory, isWritten: isWritten, fileSystem)
  }

  /// Looks at the header of each batch. What is wrong with one is for whoever reads it.
  private func walk(_ segments: [SegmentFile], _ active: RecoveredSegment) -> [EpochSighting] {
    var sightings: [EpochSighting] = []
    for segment in segments {
      guard let file = try? segment.openFile() else { continue }
      for part in segment.intactParts {
        walk(file, from: part.start, to: part.limit, &sightings)
      }
    }
    let start = SegmentEnd(offset: active.baseOffset, position: 0)
    walk(active.file, from: start, to: active.end.position, &sightings)
    return sightings
  }

  private func walk(
    _ file: OpenFile, from start: SegmentEnd, to limit: Int, _ sightings: inout [EpochSighting]
  ) {
    var walk = HeaderWalk(
      file, from: start.position, firstOffset: start.offset, limit: limit,
      readAhead: LogLimits.lookupByteCount, buffers: BufferPool())
    while (try? walk.advance()) == true {
      if let header = walk.header { sightings.note(header) }
      walk.hurry()
    }
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
