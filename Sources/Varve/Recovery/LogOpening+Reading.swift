internal import VarveSystem

// How a log is opened that another process may be writing. That one removes segments, and lets some take the
// place of others, name by name: what is seen in the midst of it is not the log.

extension LogOpening {
  /// Looks again for a while where names change meanwhile.
  func openToRead() throws(SystemError) -> OpenedLog {
    var last = try list().bases.last
    for _ in 0..<LogLimits.unsettledLookCount where last != nil {
      if let opened = try openIfSettled(upTo: last ?? 0) { return opened }
      environment.time.sleep(nanoseconds: LogLimits.unsettledLookNanoseconds)
      last = try list().bases.last
    }
    // Whoever began with it has ended, and only who opens the log to write it goes on.
    return try open(try look(upTo: last ?? 0))
  }

  /// Nil where files have gone, or have come, or some are about to take the place of others.
  private func openIfSettled(upTo last: Offset) throws(SystemError) -> OpenedLog? {
    do throws(SystemError) {
      let sight = try look(upTo: last)
      let after = try list()
      guard !sight.listing.isBeingReplaced, !after.isBeingReplaced,
        after.bases(upTo: last) == sight.listing.bases(upTo: last)
      else { return nil }
      return try open(sight)
    } catch {
      guard error.errno == .noSuchFile else { throw error }
      return nil
    }
  }

  private func open(_ sight: Sight) throws(SystemError) -> OpenedLog {
    var scan = try SegmentScan(of: sight.base, byteCount: sight.status.byteCount, configuration)
    try scan.run(
      through: sight.file, SegmentScan.Bounds(byteCount: sight.status.byteCount))
    let active = RecoveredSegment(
      file: sight.file, name: .own, scan: scan, status: sight.status, created: 0)
    var producers = ProducerRecovery(
      self, sight.listing, sight.segments, active, unindexed: sight.unindexed)
    try producers.run()
    let start = start(sight.contents, sight.segments, active)
    let epochs = try epochs(
      scan.sightings, of: sight.segments, active, from: start,
      restingEpoch: sight.contents?.record.restingEpoch,
      areAllSightings: sight.segments.isEmpty)
    return opened(
      sight.segments, active, from: start, epochs, producers, sideFile: nil, nextSpareNumber: 0,
      cleanedBelow: 0, isForeign: false, nil)
  }

  /// The files of a log, as they were found.
  private struct Sight {
    var listing: DirectoryListing
    var contents: SideFile.Contents?
    /// All but the last one.
    var segments: [SegmentFile]
    /// Of these the ones whose transaction indexes are not what they were.
    var unindexed: Set<Offset>
    /// The last one.
    var base: Offset
    var file: OpenFile
    var status: FileStatus
  }

  /// - Parameter last: The last segment of a listing before. One is no picture of a moment: it may show a
  ///   segment that has just got its name and not the one before. The next one shows all up to it.
  private func look(upTo last: Offset) throws(SystemError) -> Sight {
    let listing = try list()
    let bases = listing.bases(upTo: last)
    let contents = SideFile.read(in: directory, fileSystem)
    var segments: [SegmentFile] = []
    var unindexed: Set<Offset> = []
    var statuses = SegmentStatuses(bases, in: directory, fileSystem)
    for (base, next) in zip(bases, bases.dropFirst()) {
      let status = try statuses.status(of: base)
      let seal = contents?.seals[base].last { $0.binds(status) }
      let segment = segment(base, next, status, contents, seal)
      if try ProducerFiles.lacksIndex(segment.path, of: seal?.abortedCount, in: fileSystem) {
        unindexed.insert(base)
      }
      segments.append(segment)
    }
    let base = bases.last ?? 0
    let file = try OpenFile(
      SegmentPath(directory: directory, baseOffset: base).log, .reading, in: fileSystem)
    return Sight(
      listing: listing, contents: contents, segments: segments, unindexed: unindexed, base: base,
      file: file,
      status: try file.status())
  }

  private func segment(
    _ base: Offset, _ next: Offset, _ status: FileStatus, _ contents: SideFile.Contents?,
    _ seal: Seal?
  ) -> SegmentFile {
    let end = SegmentEnd(offset: next, position: status.byteCount)
    let segment = SegmentFile(
      sealed: base, end: end, directory: directory,
      damage: (contents?.damage(of: base) ?? []).parts(of: base, until: end), in: fileSystem)
    if let seal { segment.learn(content: seal.content) }
    segment.learn(inode: status.inode)
    return segment
  }

  private func list() throws(SystemError) -> DirectoryListing {
    DirectoryListing(try fileSystem.list(directory))
  }
}
