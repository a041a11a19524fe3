internal import VarveSystem

// Damage is found by whoever reads there, which may be in years, when no other copy is left. The scrubber
// goes through what is at rest, slowly, so that it is found while something can be done.

extension Log {
  /// What the scrubber found when it was through last; nil where it has not been. When each segment was
  /// verified last is in ``Segment/lastVerified``.
  public var lastScrub: ScrubReport? { scrubbing.withLock { $0.last } }

  /// Has the log scrubbed where that is due, and says when to look again; nil where nobody wants that.
  func scrubIfDue(now: Int64) -> Int64? {
    guard let interval = configuration.scrubInterval?.nanoseconds, mode == .readWrite, !isClosed
    else { return nil }
    let (deadline, isDue) = scrubbing.withLock {
      $0.recurrence.look(now: now, interval: interval, first: LogLimits.firstScrubAfter)
    }
    if isDue { runtime.verifiers.perform { [self] in scrub() } }
    return deadline
  }

  /// Goes through the segments at rest.
  private func scrub() {
    var report = ScrubReport(time: Timestamp(rawValue: environment.time.wallMilliseconds))
    for segment in table.current.segments where !segment.isActive {
      guard !isClosed else { break }
      scrub(segment, &report)
    }
    scrubbing.withLock { [report] state in
      state.recurrence.end()
      if !isClosed { state.last = report }
    }
    guard !isClosed else { return }
    tell(.scrubbed(report))
    if !runtime.isStepped { flushEvents() }
  }

  private func scrub(_ segment: SegmentFile, _ report: inout ScrubReport) {
    do throws(LogError) {
      var position = 0
      let examination = try examineNow(segment) { reached in
        pace(reached - position)
        position = reached
      }
      pace(examination.end.position - position)
      report.byteCount += examination.end.position
      report.segmentCount += 1
      report.damage += segment.damage
    } catch {
      // What was removed meanwhile is nobody's loss.
      if segment.removal == nil, report.failure == nil { report.failure = error }
    }
  }

  /// Waits until so many bytes may be read, all logs of the runtime together; not for a log that is closed.
  private func pace(_ byteCount: Int) {
    let time = environment.time
    var rest = runtime.verifyingBucket.withLock {
      $0?.take(byteCount, now: time.monotonicNanoseconds) ?? 0
    }
    while rest > 0, !isClosed {
      time.sleep(nanoseconds: min(rest, LogLimits.verifyingPause))
      rest -= LogLimits.verifyingPause
    }
  }
}
