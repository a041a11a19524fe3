internal import VarveSystem

/// A segment that opening has gone through.
struct RecoveredSegment {
  let file: OpenFile
  var name: SegmentFile.Name
  var scan: SegmentScan
  let status: FileStatus
  /// When it was begun, by the wall clock.
  let created: Int64
  /// Parts of it that are lost.
  var damage: [DamagedRange] = []
  /// Whether what lies behind it, in this file or others, is not the log's any more.
  var isCut = false
  /// Whether it is as a close left it, so that nothing was looked at.
  var isTrusted = false
  /// Bytes that were read to find all that out.
  var readByteCount = 0
  /// The version of what lies behind its end, where that is right, and of another one than batches are.
  var otherFormat: Int8?
  /// Whether anything but zeros lies behind its end.
  var hasRest = false

  var baseOffset: Offset { scan.baseOffset }
  var end: SegmentEnd { scan.end }

  /// Bytes of the file that are not the segment's.
  var restByteCount: Int { max(0, status.byteCount - end.position) }
}

/// Goes through segments, and says what is there.
struct SegmentRecovery {
  let rule: RecoveryRule
  let configuration: LogConfiguration
  let fileSystem: any FileSystem
  /// Whether the file system tells where nothing was written to.
  let knowsHoles: Bool
  /// Told how many bytes have been read of a segment.
  let progress: (Int) -> Void

  /// Goes through a segment's file.
  ///
  /// - Parameters:
  ///   - base: The first offset that it may have.
  ///   - nextBase: Where the next segment begins, if there is one.
  ///   - continuity: Whether the segment may begin behind that offset.
  func recover(
    _ file: OpenFile, _ name: SegmentFile.Name, base: Offset, nextBase: Offset?,
    created: Int64, continuity: BatchChain.Continuity = .gapsAllowed
  ) throws(SystemError) -> RecoveredSegment {
    let status = try file.status()
    var segment = RecoveredSegment(
      file: file, name: name,
      scan: try SegmentScan(of: base, byteCount: status.byteCount, configuration),
      status: status, created: created)
    let bounds = SegmentScan.Bounds(
      byteCount: status.byteCount, nextBase: nextBase, continuity: continuity)
    repeat {
      try segment.scan.run(through: file, bounds, progress: progress)
    } while try goesOn(&segment, nextBase)
    segment.readByteCount += segment.scan.readByteCount
    return segment
  }

  /// Decides what the place where the batches end means; true if they go on behind it.
  private func goesOn(
    _ segment: inout RecoveredSegment, _ nextBase: Offset?
  ) throws(SystemError) -> Bool {
    let end = segment.end
    segment.otherFormat = try otherFormat(behind: segment)
    guard segment.otherFormat == nil else { return false }
    let search = BatchSearch(
      knowsHoles: knowsHoles, file: segment.file, baseOffset: segment.baseOffset,
      byteCount: segment.status.byteCount,
      offsets: end.offset..<max(end.offset, nextBase ?? lastOffset(of: segment.baseOffset)))
    let finding = try search.look(from: end.position)
    segment.hasRest = finding.hasRest
    segment.readByteCount += search.readByteCount
    let verdict = rule.verdict(
      RecoveryRule.Facts(
        end: end.offset, hasRest: finding.hasRest, nextBatch: finding.batch?.offset,
        nextBase: nextBase, misfitEnd: segment.scan.misfitEnd))
    switch verdict {
    case .whole:
      // What compaction took at its end is the segment's: it is not missed once this is known.
      if let nextBase, nextBase > end.offset {
        segment.scan.skip(to: SegmentEnd(offset: nextBase, position: end.position))
      }
      return false
    case .cut:
      segment.isCut = true
      return false
    case .damaged(let until):
      let next = finding.batch.flatMap { $0.offset == until ? $0 : nil }
      note(&segment, until, next)
      // Behind what was on the device, nothing that is not next to it is the log's.
      segment.isCut = next == nil && until != nextBase
      return next != nil
    }
  }

  private func otherFormat(behind segment: RecoveredSegment) throws(SystemError) -> Int8? {
    // All that is not of this one ends so.
    guard segment.scan.fault?.breach?.rule == .magic else { return nil }
    return try OtherFormat(
      file: segment.file, byteCount: segment.status.byteCount, isKnown: rule.isKnown
    ).version(at: segment.end.position, from: segment.end.offset)
  }

  /// Takes note of a part that is lost, up to a batch that is there, or to the end of the file.
  private func note(
    _ segment: inout RecoveredSegment, _ until: Offset, _ next: SegmentEnd?
  ) {
    let end = segment.end
    // Bytes that are damaged stay as they are; space that nothing was written to is given back.
    let limit =
      next?.position
      ?? (segment.hasRest ? max(end.position, segment.status.byteCount) : end.position)
    segment.damage.append(
      DamagedRange(
        segmentBaseOffset: segment.baseOffset, offsets: end.offset..<max(end.offset, until),
        positions: end.position..<limit))
    segment.scan.skip(to: SegmentEnd(offset: max(end.offset, until), position: limit))
  }

  private func lastOffset(of base: Offset) -> Offset {
    let (sum, overflow) = base.rawValue.addingReportingOverflow(
      LogLimits.maximumRelativeOffset)
    return Offset(rawValue: overflow ? .max : sum)
  }
}
