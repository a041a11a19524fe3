internal import VarveSystem

extension Log {
  /// Makes one piece of what is missing ready; false if nothing is missing.
  func prepareOnce(_ sight: TailSight, _ upkeep: inout Upkeep) throws(LogError) -> Bool {
    let mapping = try mappingToPrepare(sight, &upkeep)
    let plan = PreparationPlan(facts(sight, upkeep, isMapped: mapping != nil))
    guard let step = plan.next else {
      tail.withLock { $0.wakePosition = wakesAtOnce(sight) ? sight.position : plan.wakePosition }
      return false
    }
    do throws(SystemError) {
      try perform(step, sight, mapping, &upkeep)
    } catch {
      tail.withLock { $0.noteFull(error) }
      throw LogError(error, "prepare for appends to \(directory)")
    }
    if step.takesSpace { lookAtSpace() }
    return true
  }

  private func facts(
    _ sight: TailSight, _ upkeep: borrowing Upkeep, isMapped: Bool
  ) -> PreparationPlan.Facts {
    PreparationPlan.Facts(
      position: sight.position, segmentByteCount: configuration.segmentByteCount,
      rate: upkeep.rate, share: runtime.preparation.share,
      minimum: configuration.preparedByteCount, isMapped: isMapped,
      allocates: sight.prefersCalls && keepsAllocations,
      current: sight.extent, spare: sight.spare,
      mayMakeSpare: !sealQueue.isFull && mayPrepareSegment)
  }

  private func perform(
    _ step: PreparationPlan.Step, _ sight: TailSight, _ mapping: Mapping?,
    _ upkeep: inout Upkeep
  ) throws(SystemError) {
    switch step {
    case .allocate(let end):
      try sight.file?.allocate(sight.extent.allocatedEnd..<end)
      extend(sight.segment, mapping, allocatedEnd: end, populatedEnd: nil)
    case .populate(let range):
      try mapping?.populate(range)
      extend(sight.segment, mapping, allocatedEnd: nil, populatedEnd: range.upperBound)
    case .makeSpare:
      let spare = try makeSpare(isMapped: mapping != nil, &upkeep)
      tail.withLock { if $0.spare == nil { $0.spare = spare } }
    case .allocateSpare(let end):
      try changeSpare { spare throws(SystemError) in
        try spare.file.allocate(spare.allocatedEnd..<end)
        spare.allocatedEnd = end
      }
    case .populateSpare(let range):
      try changeSpare { spare throws(SystemError) in
        try spare.mapping?.populate(range)
        spare.populatedEnd = range.upperBound
      }
    }
  }

  /// Lets appends store further, unless the log has gone on in another segment meanwhile.
  private func extend(
    _ segment: SegmentFile, _ mapping: Mapping?, allocatedEnd: Int?, populatedEnd: Int?
  ) {
    tail.withLock { tail in
      guard tail.segment === segment, !tail.hasFaulted, tail.refusal == nil else { return }
      let mapping = tail.habit.prefersCalls ? nil : mapping
      if let allocatedEnd { tail.extent.allocatedEnd = allocatedEnd }
      if let populatedEnd { tail.extent.populatedEnd = populatedEnd }
      if let mapping { tail.arm(mapping, end: tail.extent.allocatedEnd) }
    }
  }

  /// Changes the spare without the tail's lock: a copy is changed, and takes the place of the spare
  /// if that is still there. Else the log has gone on in it, with what it had.
  private func changeSpare(
    _ body: (inout Spare) throws(SystemError) -> Void
  ) throws(SystemError) {
    guard var spare = tail.withLock({ $0.spare }) else { return }
    try body(&spare)
    tail.withLock { tail in
      if tail.spare?.number == spare.number {
        tail.spare = spare
      } else if tail.segment.name == .spare(spare.number) {
        tail.take(spare)
      }
    }
  }
}

// MARK: Mappings

extension Log {
  /// The mapping of the segment that is being written, made if there is none; nil where the log is
  /// written by calls.
  private func mappingToPrepare(
    _ sight: TailSight, _ upkeep: inout Upkeep
  ) throws(LogError) -> Mapping? {
    guard mayMap(sight) else { return nil }
    if !upkeep.isPreparing {
      upkeep.isPreparing = true
      runtime.preparation.enter()
    }
    if let mapping = sight.mapping { return mapping }
    guard let file = sight.file else { return nil }
    do throws(SystemError) {
      return try map(file)
    } catch {
      throw LogError(error, "map the end of \(directory)")
    }
  }

  /// A segment's mapping; nil where the process may have no more memory, or no more mappings: it is the host's
  /// that has them, and appends go by calls until they can be had again.
  private func map(_ file: OpenFile) throws(SystemError) -> Mapping? {
    do throws(SystemError) {
      return try file.map(byteCount: configuration.segmentByteCount)
    } catch {
      guard error.errno == .noMemory else { throw error }
      tell(.maintenanceFailed(LogError(error, "map the end of \(directory)")))
      return nil
    }
  }

  /// Whether stores may be used: asked anew for each segment, because a host may replace the
  /// handler at any time.
  private func mayMap(_ sight: TailSight) -> Bool {
    guard chosenTailWriter == .mapped, !sight.hasFaulted, !sight.prefersCalls else { return false }
    return StoreGuard.isInstalled
  }
}

// MARK: Spares

extension Log {
  /// Sees to it that the next segment stands ready. For an append that cannot go on without one:
  /// it has outrun maintenance, or the log is written to so rarely that nothing is kept ready.
  func makeSpareReady() throws(LogError) {
    waitForSeals()
    try sayOpenSoon()
    try upkeep.withLock { upkeep throws(LogError) in
      let needsOne = tail.withLock { $0.spare == nil && $0.refusal == nil }
      guard needsOne else { return }
      try checkReserve()
      let isMapped = tail.withLock { mayMap($0.sight) }
      do throws(SystemError) {
        let spare = try makeSpare(isMapped: isMapped, &upkeep)
        tail.withLock { $0.spare = spare }
      } catch {
        tail.withLock { $0.noteFull(error) }
        wakeMaintenance()
        throw LogError(error, "make a new segment in \(directory)")
      }
    }
  }

  /// Where too many segments wait for their final form, this thread waits for them, and helps.
  private func waitForSeals() {
    sealSoon()
    if sealQueue.isFull { sealAll() }
  }

  func makeSpare(
    isMapped: Bool, _ upkeep: inout Upkeep
  ) throws(SystemError) -> Spare {
    try sideFile?.sayOpen()
    let number = upkeep.nextSpareNumber
    let path = directory + "/" + LogFileNames.spare(number)
    let file = try OpenFile(path, .creating, in: environment.fileSystem)
    upkeep.nextSpareNumber += 1
    do throws(SystemError) {
      return Spare(
        number: number, file: file, indexMemory: try tailRules.indexLimits.makeMemory(),
        mapping: isMapped ? try map(file) : nil)
    } catch {
      // Or each further attempt would leave another one.
      try? environment.fileSystem.unlink(path)
      throw error
    }
  }
}
