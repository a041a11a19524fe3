internal import VarveSystem

// One look at the disk for all logs. Each log has a watch of its own, too, but looks only when it takes
// room, and tells of it; here is decided who gives up what.

extension LogStore {
  /// How much room there is on the store's disk, as it was seen last: within the last second.
  public var diskState: StoreDiskState { space.withLock { $0.watch.state } }

  /// Has the disk looked at where that is due, and says when to look again.
  func watchSpace(now: Int64) -> Int64 {
    let (deadline, isDue) = space.withLock {
      $0.recurrence.look(now: now, interval: LogLimits.spaceInterval, first: 0)
    }
    if isDue {
      runtime.syncers.perform { [self] in
        lookAtSpace()
        space.withLock { $0.recurrence.end() }
      }
    }
    return deadline
  }

  /// Looks at the disk, and does what that asks for.
  func lookAtSpace() {
    guard !isClosed, let found = try? environment.fileSystem.space(at: directory) else { return }
    let present = ballast.byteCount
    let orders = space.withLock { space in
      space.ballastByteCount = present
      return space.watch.see(
        StoreSpaceWatch.Sight(
          freeByteCount: found.freeByteCount, totalByteCount: found.totalByteCount,
          ballastByteCount: present))
    }
    if let change = orders.change { tell(.diskStateChanged(change)) }
    // First: what deletes may need a little.
    if let size = orders.ballastByteCount { resizeBallast(to: size) }
    if orders.missingByteCount > 0 { makeRoom(orders.missingByteCount, on: found.kind) }
  }
}

// MARK: Ballast

extension LogStore {
  var ballast: Ballast {
    Ballast(directory: directory, fileSystem: environment.fileSystem)
  }

  private func resizeBallast(to byteCount: Int) {
    let now = environment.time.monotonicNanoseconds
    guard byteCount == 0 || space.withLock({ now >= $0.noBallastBefore }) else { return }
    do throws(LogError) {
      // Not once somebody else may have the directory.
      try changing.withLock { _ throws(LogError) in
        try checkOpen()
        do throws(SystemError) {
          try ballast.resize(to: byteCount)
        } catch {
          throw LogError(error, "keep \(byteCount) bytes back in \(directory)")
        }
      }
      space.withLock { $0.ballastByteCount = byteCount }
      tell(.ballastChanged(byteCount: byteCount))
    } catch {
      guard error.code != .closed else { return }
      let later = Recurrence.later(now, by: configuration.checkpointInterval.nanoseconds)
      space.withLock { $0.noBallastBefore = later }
      tell(.maintenanceFailed(error))
    }
  }
}

// MARK: Emergency retention

extension LogStore {
  private func makeRoom(_ missingByteCount: Int, on kind: FileSystemKind) {
    let now = environment.time.monotonicNanoseconds
    guard space.withLock({ now >= $0.noEmergencyBefore }) else { return }
    let logs = state.withLock { $0.logs }.filter { $0.value.configuration.allowsEmergencyRetention }
    guard !logs.isEmpty else { return }
    var report = EmergencyReport(
      time: Timestamp(rawValue: environment.time.wallMilliseconds),
      missingByteCount: missingByteCount)
    let offers = offers(of: logs, &report)
    let plan = EmergencyPlan(offers, missingByteCount: missingByteCount)
    for offer in offers {
      guard let last = plan.segments[offer.partition]?.last else { continue }
      report.take(offer.partition) { () throws(LogError) in
        try logs[offer.partition]?.giveUp(below: last.endOffset) ?? []
      }
    }
    guard !report.removed.isEmpty || !report.failures.isEmpty else { return }
    space.withLock { space in
      space.note(report)
      space.noEmergencyBefore = Recurrence.later(now, by: kind.freeingDelay)
    }
    tell(.madeRoom(report))
  }

  private func offers(
    of logs: [TopicPartition: Log], _ report: inout EmergencyReport
  ) -> [EmergencyPlan.Offer] {
    var offers: [EmergencyPlan.Offer] = []
    for (partition, log) in logs {
      do throws(LogError) {
        let segments = try log.spareSegments()
        offers.append(EmergencyPlan.Offer(partition: partition, segments: segments))
      } catch {
        if error.code != .closed { report.failures[partition] = error }
      }
    }
    return offers
  }
}

extension EmergencyReport {
  fileprivate mutating func take(
    _ partition: TopicPartition, _ segments: () throws(LogError) -> [CleanerSegment]
  ) {
    do throws(LogError) {
      let gone = try segments()
      if !gone.isEmpty { removed[partition] = gone }
    } catch {
      if error.code != .closed { failures[partition] = error }
    }
  }
}
