internal import VarveSystem

extension Log {
  /// Seals what waits for it, on a thread that may wait for a device: preparing goes on meanwhile,
  /// and no append waits for it.
  func sealAll() {
    // Stepped, this is called from maintenance, which tells when it has given its lock back.
    defer { if !runtime.isStepped { flushEvents() } }
    sealing.withLock { sideFile in
      // What is left after a close that failed is for whoever opens the log next.
      guard directoryLock?.isHeld == true else { return }
      while let job = sealQueue.next() {
        do throws(LogError) {
          try seal(job, sideFile)
        } catch {
          tell(.maintenanceFailed(error))
          sealQueue.pause(
            until: environment.time.monotonicNanoseconds + LogLimits.retryInterval)
          return
        }
        sealQueue.didFinishFirst()
      }
      rewriteIndexes()
    }
  }

  /// Writes the files of indexes that were found wrong. Where that fails, they serve from memory, and
  /// the files are built again when they are needed again.
  func rewriteIndexes() {
    while let rewrite = indexRewrites.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
      do throws(SystemError) {
        try IndexFiles.write(rewrite.index, of: rewrite.segment.path, in: environment.fileSystem)
        tell(.indexWasRebuilt(baseOffset: rewrite.segment.baseOffset))
      } catch {
        tell(
          .maintenanceFailed(
            LogError(error, "write the indexes of the segment \(rewrite.segment.baseOffset)")))
      }
    }
  }

  /// Gives a full segment its final form, and the one behind it its name.
  ///
  /// The order is what a crash may not disturb. The segment is cut and on the device, its indexes
  /// too, before the next one has a name: a name promises that all before it is whole. Kafka would
  /// delete a segment that stands behind one with zeros at its end.
  ///
  /// The segment is not mapped any more: to write a page that is, the kernel must take it from every
  /// core's TLB, one page at a time; unmapping does that once.
  func seal(_ job: SealJob, _ sideFile: SideFile?) throws(LogError) {
    if let refusal = tail.withLock({ $0.refusal }), refusal.code == .poisoned { throw refusal }
    let fileSystem = environment.fileSystem
    job.index.append(job.finalTime, isFinal: true)
    do throws(SystemError) {
      let file = try OpenFile(job.segment.currentPath, .writing, in: fileSystem)
      if try file.status().byteCount != job.end.position {
        try file.truncate(to: job.end.position)
      }
      try sync(file)
      try IndexFiles.write(job.index, of: job.segment.path, in: fileSystem)
      if case .spare = job.next.name {
        // The indexes' names too: a file system may keep the later one of two renames alone, and an
        // index that an earlier life left would then stand for the segment's.
        try fileSystem.syncDirectory(directory)
        try fileSystem.rename(job.next.currentPath, to: job.next.path.log)
        job.next.didRename()
      }
      try fileSystem.syncDirectory(directory)
      try sideFile?.update { $0.sealedBelow = job.next.baseOffset }
    } catch {
      throw LogError(error, "seal the segment \(job.segment.baseOffset) of \(directory)")
    }
    job.segment.parts.didSeal()
    runtime.segments.didLoad(job.segment.parts, byteCount: 0)
    runtime.segments.didLoad(job.segment.parts, byteCount: job.index.byteCount)
    tell(.sealed(baseOffset: job.segment.baseOffset))
    tell(.rolled(to: job.next.baseOffset, because: job.reason))
  }

  /// Syncs a file of the log. The first failure is the last: the kernel reports it once, and takes
  /// the pages for clean from then on, so that a second sync would succeed and mean nothing.
  func sync(_ file: OpenFile) throws(SystemError) {
    do throws(SystemError) {
      try file.syncData()
    } catch {
      poison(error)
      throw error
    }
  }

  private func poison(_ error: SystemError) {
    let refusal = LogError(
      .poisoned, "a sync failed (\(error.errno.explanation)); open the log again",
      systemCall: LogError.SystemCall(name: error.call.rawValue, errno: error.errno.rawValue))
    let isFirst = tail.withLock { tail in
      defer { tail.refuse(refusal) }
      return tail.refusal == nil
    }
    if isFirst { tell(.poisoned(refusal)) }
  }

  /// Goes on in a new segment where the one that is being written has become too old while nothing
  /// was appended.
  func rollIfOld(_ sight: TailSight, _ upkeep: inout Upkeep) -> Bool {
    let now = environment.time.wallMilliseconds
    guard tailRules.roll.isOld(sight.facts, now: now) else { return false }
    if sight.spare == nil {
      guard let spare = try? makeSpare(isMapped: sight.mapping != nil, &upkeep) else {
        return false
      }
      tail.withLock { $0.spare = spare }
    }
    return tail.withLock { tail in
      guard tail.refusal == nil, tail.spare != nil, tailIsOld(tail, now: now) else { return false }
      tail.roll(.age, clock)
      return true
    }
  }

  private func tailIsOld(_ tail: borrowing TailState, now: Int64) -> Bool {
    tail.rules.roll.isOld(tail.currentFacts, now: now)
  }
}

extension TailState {
  /// Takes no more appends, from now on.
  mutating func refuse(_ error: LogError) {
    if refusal == nil { refusal = error }
    // Each append comes to the slow way, and hears why.
    mappedEnd = 0
  }
}
