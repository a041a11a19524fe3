internal import VarveSystem

extension Log {
  /// Has the log synced where its policy says so, and says when to look again.
  func syncIfDue(_ sight: TailSight, _ upkeep: inout Upkeep, now: Int64) -> Int64? {
    guard sight.nextOffset > durableEnd else {
      upkeep.unsyncedSince = nil
      return nil
    }
    if sight.nextOffset.rawValue >= sight.syncOffset { syncSoon() }
    guard let interval = configuration.syncPolicy.interval else { return nil }
    let since = upkeep.unsyncedSince ?? now
    upkeep.unsyncedSince = since
    let (deadline, overflow) = since.addingReportingOverflow(interval.nanoseconds)
    guard !overflow else { return nil }
    if now < deadline { return deadline }
    syncSoon()
    // What is appended while that lasts is not looked at before the next one is due.
    upkeep.unsyncedSince = now
    return now + min(interval.nanoseconds, LogLimits.maintenanceInterval)
  }

  /// Whether the next append is to be heard of: from then on, time counts.
  func wakesAtOnce(_ sight: TailSight) -> Bool {
    configuration.syncPolicy.interval != nil && sight.nextOffset <= durableEnd
  }
}

extension Duration {
  /// Whole nanoseconds, bounded by what 64 bits hold.
  var nanoseconds: Int64 {
    let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
    let rest = components.attoseconds % 1_000_000_000_000_000 / 1_000_000_000
    let (sum, carried) = product.addingReportingOverflow(rest)
    return overflow || carried ? .max : sum
  }
}
