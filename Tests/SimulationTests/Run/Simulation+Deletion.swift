import Varve
import VarveTesting

// What is done to a log that keeps not all: it starts later than it did.

extension Simulation {
  /// Deletes the records up to so many offsets before the log's end.
  func deleteRecords(back count: Int) throws {
    let log = try openIfNeeded()
    let (start, segmentCount) = (log.start, log.segments.count)
    let offset = max(start, log.end.advanced(by: -count))
    guard life?.isRefusing == false, offset > start else { return }
    if isDiskFailing { life?.mayHaveLeftFiles = true }
    do {
      let found = try inPhase(.deleting) { try log.deleteRecords(before: offset) }
      guard !fileSystem.isStopped else { return history.deletionFailed(before: offset) }
      try require(
        found == offset && log.start == offset && log.durableEnd >= offset,
        "records are deleted before \(offset), and the log starts at \(log.start)")
      let second = isDiskFailing ? nil : log.segments.dropFirst().first?.baseOffset
      try require(
        second.map { $0 > offset } ?? true,
        "records are deleted before \(offset), and their segment is there before \(second as Any)")
    } catch let error as LogError {
      return try deletionFailed(error, offset, log, start: start)
    }
    history.deleteRecords(before: offset)
    try checkSegments(log)
    try checkLeaders(log)
    try checkProducers(log)
    try checkHeld(.slicesHeldOverDeletion)
    coverage.note(.deleted)
    if log.segments[0].baseOffset < offset { coverage.note(.deletedWithinSegment) }
    if log.segments.count < segmentCount { coverage.note(.deletedSegments) }
  }

  private func deletionFailed(
    _ error: LogError, _ offset: Offset, _ log: Log, start: Offset
  ) throws {
    history.deletionFailed(before: offset)
    guard !fileSystem.isStopped, isDiskFailing else { throw error }
    try require(log.start == start, "a deletion failed, and the log starts at \(log.start)")
    note(error)
    refusals.append(error)
  }
}
