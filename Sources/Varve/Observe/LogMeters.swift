internal import VarveSystem

/// What a log counts of itself. None of it is in the way of an append: what is counted waits for a device
/// or a receiver, and takes a thousand times as long.
final class LogMeters: Sendable {
  private struct Counts {
    var syncs = LatencyHistogram()
    var acknowledgements = LatencyHistogram()
    var sends = LatencyHistogram()
    var syncFailures = 0
    var rolls = 0
    var seals = 0
    var wrongIndexes = 0
    var failures = 0
    var lastFailure: LogStatistics.Failure?
  }

  /// Made with the first thing that there is to count: of many logs most are silent.
  private let counts = Lock<Counts?>(nil)
  let transfers = TransferCounts()

  private func count(_ change: (inout Counts) -> Void) {
    counts.withLock { counts in
      var next = counts ?? Counts()
      counts = nil
      change(&next)
      counts = next
    }
  }

  func noteSync(nanoseconds: Int64) { count { $0.syncs.record(nanoseconds: nanoseconds) } }
  func noteSyncFailure() { count { $0.syncFailures += 1 } }
  func noteSend(nanoseconds: Int64) { count { $0.sends.record(nanoseconds: nanoseconds) } }
  func noteAcknowledgement(nanoseconds: Int64) {
    count { $0.acknowledgements.record(nanoseconds: nanoseconds) }
  }

  func note(_ event: LogEvent, at time: () -> Timestamp) {
    switch event {
    case .rolled: count { $0.rolls += 1 }
    case .sealed: count { $0.seals += 1 }
    case .indexWasWrong: count { $0.wrongIndexes += 1 }
    case .maintenanceFailed(let error), .cleaningFailed(let error), .poisoned(let error):
      let failure = LogStatistics.Failure(error: error, time: time())
      count { counts in
        counts.failures += 1
        counts.lastFailure = failure
      }
    default: return
    }
  }

  func fill(_ statistics: inout LogStatistics) {
    statistics.transfers = transfers.statistics
    guard let counts = counts.withLock({ $0 }) else { return }
    statistics.syncs = counts.syncs
    statistics.acknowledgements = counts.acknowledgements
    statistics.sends = counts.sends
    statistics.syncFailureCount = counts.syncFailures
    statistics.rollCount = counts.rolls
    statistics.sealCount = counts.seals
    statistics.wrongIndexCount = counts.wrongIndexes
    statistics.failureCount = counts.failures
    statistics.lastFailure = counts.lastFailure
  }
}
