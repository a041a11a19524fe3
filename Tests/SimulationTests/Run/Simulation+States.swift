import VarveSystem
import VarveTesting

@testable import Varve

/// What was last seen of a log, to know what a step has changed.
struct Sight: Equatable {
  var log: ObjectIdentifier?
  var segmentCount = 0
  var isPoisoned = false
  var prefersCalls = false
  var durableEnd: Offset = 0
}

// What happened, seen after each step.

extension Simulation {
  /// Looks at the log after a step: what it says is durable is, and what changed is noted.
  func lookAround() throws {
    if let change = watch.earlyChange {
      throw SimulationFailure("\(change) before the log said that it is open")
    }
    guard let life, !fileSystem.isStopped, life.isRecognized else { return }
    hear(life)
    let before = sight.log == ObjectIdentifier(life.log) ? sight : nil
    sight = life.sight
    try require(
      sight.durableEnd >= before?.durableEnd ?? 0 && sight.durableEnd <= life.log.end,
      "durable up to \(sight.durableEnd), before up to \(before?.durableEnd ?? 0), and the log ends "
        + "at \(life.log.end)")
    history.becameDurable(before: sight.durableEnd)
    guard let before else { return try checkHeld(.slicesHeldOverOpening) }
    if sight.segmentCount > before.segmentCount { try checkHeld(.slicesHeldOverRoll) }
    if sight.isPoisoned, !before.isPoisoned { try checkHeld(.slicesHeldOverPoison) }
    noteStrategy(before)
  }

  private func noteStrategy(_ before: Sight) {
    switch (before.prefersCalls, sight.prefersCalls) {
    case (false, true): coverage.note(.switchedToCalls)
    case (true, false): coverage.note(.switchedBack)
    default: break
    }
  }

  /// Hears what the log has told.
  func hear(_ life: Life) {
    for event in life.events.take() {
      switch event {
      case .recovered(let report): note(report)
      case .poisoned(let error):
        coverage.note(
          error.systemCall?.name == SystemCall.syncDirectory.rawValue
            ? .poisonedByNameSync : .poisonedByDataSync)
      case .maintenanceFailed(let error):
        journal.append("  maintenance failed: \(error)")
        if error.code == .full, !life.log.sealQueue.isEmpty { coverage.note(.fullInRoll) }
      default: break
      }
    }
  }

  private func note(_ report: RecoveryReport) {
    if report.cutByteCount > 0 { coverage.note(.tornTailCut) }
    if report.removedSegmentCount > 0 { coverage.note(.gapAtSeal) }
    if !report.damage.isEmpty { coverage.note(.damageReported) }
  }

  /// Takes note of a refusal.
  func note(_ error: LogError) {
    failures.append(error)
    if error.isOfSync { life?.hasMetFailedSync = true }
    guard error.code == .full else { return }
    switch watch.lastPhase {
    case .opening: coverage.note(.fullInOpening)
    case .appending: coverage.note(.fullInAppend)
    case .closing: coverage.note(.fullInClose)
    case .maintaining, .reading, .truncating, .deleting: break
    }
  }

  /// Takes note of what the policy did, if it did something.
  func notePolicy() {
    switch (settings.syncPolicy.recordCount, settings.syncPolicy.interval) {
    case (_?, _): coverage.note(.syncedByNumber)
    case (nil, _?): coverage.note(.syncedByTime)
    case (nil, nil): coverage.note(.syncedAtRoll)
    }
  }
}

extension Life {
  var sight: Sight {
    let (prefersCalls, isPoisoned) = log.tail.withLock {
      ($0.habit.prefersCalls, $0.refusal?.code == .poisoned)
    }
    return Sight(
      log: ObjectIdentifier(log), segmentCount: log.segments.count, isPoisoned: isPoisoned,
      prefersCalls: prefersCalls, durableEnd: log.durableEnd)
  }
}
