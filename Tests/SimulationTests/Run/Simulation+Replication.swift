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
    let offset = Offset(rawValue: max(0, end.rawValue - Int64(count)))
    guard life?.isRefusing == false else { return }
    // It may be less than before, whatever comes of it.
    sight = Sight()
    do {
      let found = try inPhase(.truncating) { try log.truncate(to: offset) }
      let expected = history.end(cutAt: offset)
      try require(
        found == expected && log.end == found && (count == 0 || log.durableEnd == found),
        "cut at \(offset), the log ends at \(log.end), and should at \(expected)")
    } catch let error as LogError {
      return try truncationFailed(error, offset, log, end: end)
    }
    history.truncate(to: offset)
    leaders.cut(to: history.end)
    try checkLeaders(log)
    try checkHeld(.slicesHeldOverCut)
    coverage.note(.cut)
    if log.segments.count < segmentCount { coverage.note(.cutOfSegments) }
  }

  private func truncationFailed(
    _ error: LogError, _ offset: Offset, _ log: Log, end: Offset
  ) throws {
    if fileSystem.isStopped || life?.isRefusing == true {
      history.truncationFailed(to: offset)
    } else {
      try require(log.end == end, "a cut failed, and the log ends at \(log.end), not \(end)")
    }
    guard !fileSystem.isStopped, isDiskFailing else { throw error }
    note(error)
    refusals.append(error)
  }

  /// Compares what the log says of its leaders with what they have appended.
  func checkLeaders(_ log: Log) throws {
    guard log.end == history.end else { return }
    let found = log.leaderEpochs.filter { $0.startOffset < log.end }
    try require(
      found == leaders.starts, "the log's leaders are \(found), and were \(leaders.starts)")
  }
}
