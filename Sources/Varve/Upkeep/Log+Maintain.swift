internal import VarveSystem

extension Log: Maintained {
  /// Seals what is full, makes ready what will be needed, and parks a log that is idle.
  func maintain(now: Int64) -> Int64? {
    defer { flushEvents() }
    let next = mode == .readWrite ? maintainWriter() : maintainFollower(now: now)
    let waiting = [waiters, commits.watchers, watermark.watchers].map { $0.wakeDue(now: now) }
    // Not under the lock of upkeep, which a new segment needs.
    return ([next, cleanIfDue(now: now), scrubIfDue(now: now), watchSpace(now: now)] + waiting)
      .lazy.compactMap(\.self).min()
  }

  private func maintainWriter() -> Int64? {
    // In pieces, and the lock given back between them: an append may be waiting for one of them.
    while true {
      let next = upkeep.withLock { maintainOnce(&$0, now: environment.time.monotonicNanoseconds) }
      do throws(LogError) { try removeDiscarded() } catch { tell(.maintenanceFailed(error)) }
      switch next {
      case .again: continue
      case .at(let deadline): return deadline
      case .idle: return nil
      }
    }
  }

  /// Asks to be looked at, if that has not been asked already: an appender that is ahead of
  /// maintenance asks at each append.
  @inline(never)
  func wakeMaintenance() {
    if !maintenance.hasBeenAsked { runtime.maintenance.wake(self) }
  }

  /// A reader of what another process writes is not told of it, and has to look, while someone waits.
  private func maintainFollower(now: Int64) -> Int64? {
    do throws(LogError) {
      try follow()
    } catch {
      tell(.maintenanceFailed(error))
    }
    return waiters.isAnyoneWaiting ? now + LogLimits.followInterval : nil
  }

  private enum Next {
    case again
    case at(Int64)
    case idle

    func orEarlier(_ deadline: Int64?) -> Next {
      guard let deadline else { return self }
      if case .at(let own) = self { return .at(min(own, deadline)) }
      return .at(deadline)
    }
  }

  private func maintainOnce(_ upkeep: inout Upkeep, now: Int64) -> Next {
    guard now >= upkeep.pausedUntil else { return .at(upkeep.pausedUntil) }
    do throws(LogError) {
      let sight = look(&upkeep, now: now)
      guard !sight.isRefusing else { return .idle }
      upkeep.failure = nil
      if rollIfOld(sight, &upkeep) || expireProducers(&upkeep, now: now) { return .again }
      let syncDeadline = syncIfDue(sight, &upkeep, now: now)
      if sealQueue.isEmpty, isIdle(sight, upkeep, now: now) {
        guard try park(sight, &upkeep) else { return .again }
        return nextTimer(sight, now).orEarlier(syncDeadline).orEarlier(expiryDeadline(upkeep))
      }
      if try prepareOnce(sight, &upkeep) { return .again }
      return .at(min(now + LogLimits.maintenanceInterval, syncDeadline ?? .max))
    } catch {
      return pause(&upkeep, after: error, now: now)
    }
  }

  /// Takes over what appends have left to do, and sees how far they are.
  private func look(_ upkeep: inout Upkeep, now: Int64) -> TailSight {
    let sight = tail.withLock { $0.sight }
    if sight.hasFaulted, !upkeep.hasToldFault {
      upkeep.hasToldFault = true
      tell(.tailFellBack(detail: "a store into the mapping of \(sight.segment.baseOffset) failed"))
    }
    sealSoon()
    let total = sight.appendedByteCount
    upkeep.rate.update(byteCount: total, now: now)
    if total != upkeep.lastByteCount {
      upkeep.lastByteCount = total
      upkeep.lastChange = now
    }
    return sight
  }

  private func isIdle(_ sight: TailSight, _ upkeep: borrowing Upkeep, now: Int64) -> Bool {
    configuration.preparedByteCount == 0
      && now - upkeep.lastChange >= LogLimits.parkedAfter
  }

  /// When a parked log is to be looked at again: when its segment has become old.
  private func nextTimer(_ sight: TailSight, _ now: Int64) -> Next {
    guard sight.position > 0 else { return .idle }
    let age = environment.time.wallMilliseconds &- sight.facts.created
    let rest = tailRules.roll.segmentAge &- age
    let (nanoseconds, overflow) = rest.multipliedReportingOverflow(by: 1_000_000)
    // It may be due already, and have failed.
    let (deadline, overflowed) = now.addingReportingOverflow(
      max(LogLimits.retryInterval, nanoseconds))
    return overflow || overflowed ? .idle : .at(deadline)
  }

  /// A failure beside the appends is told, and tried again: what they need they do themselves, and
  /// then it is theirs.
  private func pause(_ upkeep: inout Upkeep, after error: LogError, now: Int64) -> Next {
    if upkeep.failure != error { tell(.maintenanceFailed(error)) }
    upkeep.failure = error
    upkeep.pausedUntil = now + LogLimits.retryInterval
    return .at(upkeep.pausedUntil)
  }

  var tailRules: TailRules { tail.withLock { $0.rules } }
}

extension TailState {
  var sight: TailSight {
    TailSight(
      segment: segment, file: file, mapping: mapping, position: position,
      appendedByteCount: appendedByteCount, facts: currentFacts, extent: extent,
      spare: spare.map { .init(allocatedEnd: $0.allocatedEnd, populatedEnd: $0.populatedEnd) },
      hasFaulted: hasFaulted, prefersCalls: habit.prefersCalls, isRefusing: refusal != nil,
      nextOffset: Offset(rawValue: nextOffset), syncOffset: syncOffset)
  }
}
