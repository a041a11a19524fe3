internal import VarveSystem

extension Log {
  /// Puts an idle log to rest: cut to its end, without mapping, spare and open file. False if an
  /// append came in between.
  ///
  /// - Parameter reaps: Whether others give back what it had, later: that may take time.
  func park(
    _ sight: TailSight, _ upkeep: inout Upkeep, reaps: Bool = true
  ) throws(LogError) -> Bool {
    guard sight.file != nil || sight.spare != nil else { return true }
    // From here on an append finds no file, and waits for what follows: it is the one append that
    // comes after a long silence, in this very moment.
    let left = tail.withLock { tail -> (file: OpenFile?, spare: Spare?, mapping: Mapping?)? in
      guard tail.segment === sight.segment, tail.position == sight.position, tail.refusal == nil
      else { return nil }
      return (tail.file.take(), tail.spare.take(), tail.rest())
    }
    guard let left else { return false }
    stopPreparing(&upkeep)
    do throws(SystemError) {
      if let file = left.file, try file.status().byteCount > sight.position {
        try file.truncate(to: sight.position)
      }
    } catch {
      throw LogError(error, "put \(directory) to rest")
    }
    if let spare = left.spare { discarded.withLock { $0.append(spare.number) } }
    sight.segment.parts.replaceFile(nil)
    sideFile?.rest()
    runtime.tails.didRest(ObjectIdentifier(self))
    if reaps { runtime.reap(left) }
    return true
  }

  /// Puts a log to rest before its time: of many logs there are more files than a process may have open. Its
  /// own are closed when this returns.
  func rest() throws(LogError) {
    _ = try upkeep.withLock { upkeep throws(LogError) in
      try park(tail.withLock { $0.sight }, &upkeep, reaps: false)
    }
    try removeDiscarded()
    // Nor need those be open that wait for their final form. The last one may be at work again by now.
    for segment in table.current.segments.dropLast().reversed().prefix(while: \.isActive) {
      segment.parts.replaceFile(nil)
    }
  }

  /// Opens the file again, for an append that found the log at rest. Where too many are open, another log
  /// rests instead.
  func leavePark() throws(LogError) {
    for log in runtime.tails.didOpen(self) {
      // It may be at work again by now, and then stays so.
      try? log.rest()
    }
    try sayOpenSoon()
    try openAgain()
  }

  private func openAgain() throws(LogError) {
    try upkeep.withLock { _ throws(LogError) in
      guard tail.withLock({ $0.file == nil && $0.refusal == nil }) else { return }
      try sayOpen()
      let segment = tail.withLock { $0.segment }
      do throws(SystemError) {
        let file = try OpenFile(segment.currentPath, .writing, in: environment.fileSystem)
        segment.parts.replaceFile(file)
        tail.withLock { tail in
          tail.file = file
          tail.wakePosition = 0
        }
      } catch {
        throw LogError(error, "open \(segment.currentPath)")
      }
    }
  }

  /// Removes what parking had no more use for. Not under the lock of upkeep: a device may take its time,
  /// and an append that ends the rest does not wait for it.
  func removeDiscarded() throws(LogError) {
    do throws(SystemError) {
      try discarding.withLock { _ throws(SystemError) in
        // Once the directory is somebody else's, so are its names.
        while directoryLock?.isHeld == true, let number = discarded.withLock({ $0.popLast() }) {
          try environment.fileSystem.unlink(directory + "/" + LogFileNames.spare(number))
        }
      }
    } catch {
      throw LogError(error, "put \(directory) to rest")
    }
  }

  /// Lets others have the directory, once nothing is removed there any more.
  func giveUpDirectory() { discarding.withLock { _ in directoryLock?.release() } }

  func stopPreparing(_ upkeep: inout Upkeep) {
    guard upkeep.isPreparing else { return }
    upkeep.isPreparing = false
    runtime.preparation.leave()
  }
}

extension TailState {
  /// Gives the mapping up until there is work again, and returns it.
  mutating func rest() -> Mapping? {
    extent = PreparationPlan.Extent(allocatedEnd: position, populatedEnd: position)
    return dropMapping()
  }

  /// Takes over how far a spare was prepared that this state went on in while that happened.
  mutating func take(_ spare: Spare) {
    extent = PreparationPlan.Extent(
      allocatedEnd: max(extent.allocatedEnd, spare.allocatedEnd),
      populatedEnd: max(extent.populatedEnd, spare.populatedEnd))
    if let mapping { arm(mapping, end: extent.allocatedEnd) }
  }
}
