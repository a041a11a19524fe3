internal import VarveSystem

// How a full segment gets its final form, and the one behind it its name.

extension Log {
  /// Gives a full segment its final form, and the one behind it its name.
  ///
  /// The order is what a crash may not disturb. The segment is cut and on the device, its indexes
  /// too, before the next one has a name: a name promises that all before it is whole. Kafka would
  /// delete a segment that stands behind one with zeros at its end. Only a log whose policy is never
  /// to sync does without, until somebody wants to know his records on the device.
  ///
  /// The segment is not mapped any more: to write a page that is, the kernel must take it from every
  /// core's TLB, one page at a time; unmapping does that once.
  func seal(_ job: SealJob, syncs: Bool) throws(LogError) {
    try checkPoison()
    if syncs {
      try syncSealed()
      // What a seal is believed for is not looked at again.
      try epochs.save()
    }
    job.index.append(job.finalTime, isFinal: true)
    let file = try trimmed(job.segment, to: job.end.position)
    do throws(SystemError) {
      if syncs { try sync(file) }
      try IndexFiles.write(
        job.index, of: job.segment.path, syncs: syncs, in: environment.fileSystem)
      try writeProducers(of: job, syncs: syncs)
      try name(job.next)
      if syncs { try noteSealed(job, file) }
    } catch {
      throw LogError(error, "seal the segment \(job.segment.baseOffset) of \(directory)")
    }
    if !syncs { unsyncedSeals.withLock { $0.append(job) } }
    job.segment.learn(sealedAt: Timestamp(rawValue: environment.time.wallMilliseconds))
    job.segment.parts.didSeal()
    runtime.segments.didOpenFile(of: job.segment.parts)
    runtime.segments.didLoadIndex(of: job.segment.parts, byteCount: job.index.byteCount)
    tell(.sealed(baseOffset: job.segment.baseOffset))
    tell(.rolled(to: job.next.baseOffset, because: job.reason))
  }

  /// The file of a segment, cut to where its batches end.
  ///
  /// One that ends before that was cut by someone else. Made as long as it was it would look whole, with
  /// zeros in it, and its seal would say so; as it is, what is missing is found.
  func trimmed(_ segment: SegmentFile, to end: Int) throws(LogError) -> OpenFile {
    do throws(SystemError) {
      let file = try OpenFile(segment.currentPath, .writing, in: environment.fileSystem)
      let byteCount = try file.status().byteCount
      if byteCount > end { try file.truncate(to: end) }
      if byteCount >= end { return file }
    } catch {
      throw LogError(error, "give the segment \(segment.baseOffset) of \(directory) its final form")
    }
    throw LogError(
      .corrupt,
      "the segment \(segment.baseOffset) of \(directory) cannot get its final form: its file was cut "
        + "by someone else, and ends before \(end)")
  }

  /// Writes what was aborted in a segment, and what is known of producers where the next one begins:
  /// before that has its name, as the indexes are.
  private func writeProducers(of job: SealJob, syncs: Bool) throws(SystemError) {
    let fileSystem = environment.fileSystem
    try ProducerFiles.write(job.aborted, of: job.segment.path, syncs: syncs, in: fileSystem)
    if !job.aborted.isEmpty { aborted.didWrite(job.segment.baseOffset) }
    try ProducerFiles.write(
      job.producers.snapshot, at: job.next.baseOffset, in: directory, syncs: syncs, fileSystem)
  }

  /// Gives a segment its own name, if it does not have it yet.
  private func name(_ next: SegmentFile) throws(SystemError) {
    guard case .spare = next.name else { return }
    try environment.fileSystem.rename(next.currentPath, to: next.path.log)
    next.didRename()
  }

  /// All before the next segment is on the device, once its name is, and those of the indexes. A power
  /// cut before may keep the one and lose the others; until the side file has the seal, opening looks
  /// at the segment itself.
  private func noteSealed(_ job: SealJob, _ file: OpenFile) throws(SystemError) {
    try syncNames()
    let entries = job.segment.damage.map { SideEntry.damage($0) }
    try sideFile?.update(adding: entries + [.seal(try sealRecord(of: job, file))]) {
      $0.sealedBelow = job.next.baseOffset
      $0.restingEpoch = epochs.cache.reign(before: job.next.baseOffset)
      $0.durable = max($0.durable, job.next.start)
    }
    commits.advance(to: job.next.start)
  }

  /// What opening may believe of a segment in its final form.
  private func sealRecord(of job: SealJob, _ file: OpenFile) throws(SystemError) -> Seal {
    let status = try file.status()
    return Seal(
      baseOffset: job.segment.baseOffset, end: job.end, inode: status.inode,
      modified: status.modified, digest: job.digest,
      maxTimestamp: job.segment.published.maxTimestamp,
      sealedAt: environment.time.wallMilliseconds, abortedCount: job.aborted.count)
  }

  /// Syncs segments that got their final form without it, in their order.
  func syncSealed() throws(LogError) {
    while let job = unsyncedSeals.withLock({ $0.first }) {
      try checkPoison()
      try epochs.save()
      do throws(SystemError) {
        let file = try OpenFile(job.segment.currentPath, .reading, in: environment.fileSystem)
        try sync(file)
        // Written anew: a sync of the files that are there may have failed before, and the next one
        // would succeed and mean nothing.
        try IndexFiles.write(job.index, of: job.segment.path, in: environment.fileSystem)
        try writeProducers(of: job, syncs: true)
        try noteSealed(job, file)
      } catch {
        throw LogError(error, "sync the segment \(job.segment.baseOffset) of \(directory)")
      }
      unsyncedSeals.withLock { _ = $0.removeFirst() }
    }
  }

  /// Syncs the names in the log's directory. A device that fails at that is as little to be believed
  /// a second time as one that fails to sync bytes. For whoever has the lock of those who seal.
  func syncNames() throws(SystemError) {
    do throws(SystemError) {
      try environment.fileSystem.syncDirectory(directory)
    } catch {
      if error.errno == .inputOutput { poison(error) }
      throw error
    }
  }
}

extension SegmentFile {
  /// What is durable when all before this segment is.
  var start: DurableMark {
    DurableMark(offset: baseOffset, segmentBase: baseOffset, position: 0)
  }
}
