internal import VarveSystem

extension Log {
  /// Has full segments sealed, on a thread that may wait for a device.
  func sealSoon() {
    guard queueSeals() else { return }
    runtime.syncers.perform { [self] in sealAll() }
  }

  /// Takes full segments over from the appends; true if somebody must begin to seal them.
  private func queueSeals() -> Bool {
    let now = environment.time.monotonicNanoseconds
    // Under the lock, so that they come to the queue in their order.
    return tail.withLock { tail in
      defer { tail.seals = [] }
      return sealQueue.add(tail.seals, now: now)
    }
  }

  /// Seals what waits for it before it returns. For those who wait for what lies behind.
  func sealWaiting() throws(LogError) {
    try sealing.withLock { _ throws(LogError) in try sealWaitingAlone() }
  }

  /// The same, for whoever has the lock of those who seal.
  func sealWaitingAlone() throws(LogError) {
    _ = queueSeals()
    while let job = sealQueue.next() {
      do throws(LogError) {
        try seal(job, syncs: true)
      } catch {
        putOffSeals()
        // Of a log at rest nobody would think of it.
        wakeMaintenance()
        throw error
      }
      sealQueue.didFinishFirst()
    }
    try syncSealed()
  }

  /// After a failure: others begin again with what waits, once some time has passed.
  private func putOffSeals() {
    sealQueue.pause(until: environment.time.monotonicNanoseconds + LogLimits.retryInterval)
  }

  /// Seals what waits for it, on a thread that may wait for a device: preparing goes on meanwhile,
  /// and no append waits for it.
  func sealAll() {
    // Stepped, this is called from maintenance, which tells when it has given its lock back.
    defer { if !runtime.isStepped { flushEvents() } }
    sealing.withLock { _ in
      // What is left after a close that failed is for whoever opens the log next.
      guard directoryLock?.isHeld == true else { return }
      while let job = sealQueue.next() {
        do throws(LogError) {
          try seal(job, syncs: configuration.syncPolicy.atRoll)
        } catch {
          tellUnheard(error)
          putOffSeals()
          return
        }
        sealQueue.didFinishFirst()
      }
      rewriteIndexes()
      restSideFile()
    }
  }

  /// The side file of a log that went to rest meanwhile is not left open.
  private func restSideFile() {
    if tail.withLock({ $0.file == nil }) { sideFile?.rest() }
  }

  /// Writes the files of indexes that were found wrong. Where that fails, they serve from memory, and
  /// the files are built again when they are needed again.
  func rewriteIndexes() {
    while let rewrite = indexRewrites.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
      guard rewrite.segment.removal == nil else { continue }
      do throws(SystemError) {
        try sideFile?.sayOpen()
        try IndexFiles.write(rewrite.index, of: rewrite.segment.path, in: environment.fileSystem)
        tell(.indexWasRebuilt(baseOffset: rewrite.segment.baseOffset))
      } catch {
        tell(
          .maintenanceFailed(
            LogError(error, "write the indexes of the segment \(rewrite.segment.baseOffset)")))
      }
    }
  }

  /// Goes on in a new segment where the one that is being written has become too old while nothing
  /// was appended.
  func rollIfOld(_ sight: TailSight, _ upkeep: inout Upkeep) -> Bool {
    let now = environment.time.wallMilliseconds
    guard tailRules.roll.isOld(sight.facts, now: now), hasSaidOpen() else { return false }
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
    if refusal == nil || isHeld { (refusal, isHeld) = (error, false) }
    // Each append comes to the slow way, and hears why.
    mappedEnd = 0
  }
}
