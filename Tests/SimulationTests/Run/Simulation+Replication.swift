import Varve
import VarveTesting

// What is done to a log that has leaders: one follows another, and the log is cut where they part.

extension Simulation {
  /// Another leader begins.
  func lead() throws {
    let log = try openIfNeeded()
    do {
      try log.beginEpoch(LeaderEpoch(rawValue: log.leaderEpoch.rawValue + 1))
      coverage.note(.leader)
    } catch {
      guard isDiskFailing else { throw error }
    }
  }

  /// Cuts the log so many offsets before its end.
  func truncate(back count: Int) throws {
    let log = try openIfNeeded()
    let (end, segmentCount) = (log.end, log.segments.count)
    let offset = max(log.start, end.advanced(by: -count))
    guard life?.isRefusing == false else { return }
    // It may be less than before, whatever comes of it.
    sight = Sight()
    do {
      let found = try inPhase(.truncating) { try log.truncate(to: offset) }
      let expected = history.end(cutAt: offset)
      try require(
        found == expected && log.end == found && (offset == end || log.durableEnd == found),
        "cut at \(offset), the log ends at \(log.end), and should at \(expected)")
    } catch let error as LogError {
      return try cutFailed(error, log, end: end) { $0.truncationFailed(to: offset) }
    }
    guard offset < end else { return try checkLeaders(log) }
    try wasCut(log) { $0.truncate(to: offset) }
    coverage.note(.cut)
    if log.segments.count < segmentCount { coverage.note(.cutOfSegments) }
  }

  /// Lets the log begin anew so far from its end; before that with a segment, so that files come to have
  /// names that others had.
  func restart(_ distance: Int) throws {
    let log = try openIfNeeded()
    let end = log.end
    let wanted = end.advanced(by: distance)
    let base = log.segments.last { $0.baseOffset <= wanted }?.baseOffset ?? 0
    let offset = distance < 0 ? base : wanted
    guard life?.isRefusing == false else { return }
    sight = Sight()
    do {
      try inPhase(.truncating) { try log.truncateFully(startingAt: offset) }
      try require(
        log.start == offset && log.end == offset && log.durableEnd == offset,
        "begun anew at \(offset), the log has \(log.start)..<\(log.end)")
    } catch let error as LogError {
      return try cutFailed(error, log, end: end) { $0.restartFailed(at: offset) }
    }
    try wasCut(log) { $0.restart(at: offset) }
    coverage.note(.restarted)
  }

  private func wasCut(_ log: Log, _ change: (inout ModelLog) -> Void) throws {
    let before = producers
    change(&history)
    leaders.follow(history)
    producers.follow(history, recalledFrom: log.segments[0].baseOffset)
    if !before.open.isSubset(of: producers.open) { coverage.note(.transactionCut) }
    if !producers.open.isSubset(of: before.open) { coverage.note(.markerCut) }
    try checkLeaders(log)
    try checkProducers(log)
    try checkHeld(.slicesHeldOverCut)
  }

  private func cutFailed(
    _ error: LogError, _ log: Log, end: Offset, _ mayBeCut: (inout ModelLog) -> Void
  ) throws {
    if fileSystem.isStopped || life?.isRefusing == true {
      mayBeCut(&history)
    } else {
      try require(log.end == end, "a cut failed, and the log ends at \(log.end), not \(end)")
    }
    guard !fileSystem.isStopped, isDiskFailing else { throw error }
    note(error)
    refusals.append(error)
  }

  /// Whether the log, which says that it is not known to have begun anew, has.
  func hasBegunAnew(_ log: Log) -> Bool {
    guard let cut = history.uncertainCut, cut.isFresh else { return false }
    return log.start == cut.end && log.end == cut.end
  }

  /// Compares what the log says of its leaders with what they have appended.
  func checkLeaders(_ log: Log) throws {
    guard log.end == history.end, history.uncertainCut == nil else { return }
    let found = log.leaderEpochs.filter { $0.startOffset < log.end }
    let expected = leaders.starts(from: history.start)
    try require(found == expected, "the log's leaders are \(found), and were \(expected)")
  }
}
