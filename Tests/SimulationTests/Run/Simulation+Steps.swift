import Varve
import VarveTesting

// What else is done to an open log.

extension Simulation {
  func maintain(_ count: Int) throws {
    let log = try openIfNeeded()
    guard let life else { return }
    let durableEnd = log.durableEnd
    inPhase(.maintaining) {
      var rest = count
      while rest > 0, life.runtime.step() { rest -= 1 }
    }
    guard !fileSystem.isStopped else { return }
    coverage.note(watch.take())
    if log.durableEnd > durableEnd { notePolicy() }
    history.becameDurable(before: log.durableEnd)
  }

  func flush() throws {
    let log = try openIfNeeded()
    let end = log.end
    if log.durableEnd < end { coverage.note(.waitingFlush) }
    do {
      let durable = try inPhase(.appending) { try log.flush() }
      guard !fileSystem.isStopped else { return }
      try require(durable >= end, "flushed, and durable up to \(durable) of \(end)")
    } catch let error as LogError where !fileSystem.isStopped {
      guard isDiskFailing else { throw error }
      note(error)
      refusals.append(error)
    }
    history.becameDurable(before: log.durableEnd)
  }

  func scan() throws {
    let log = try openIfNeeded()
    guard !hasBegunAnew(log) else { return }
    guard log.end < history.end else {
      try history.expectAll(try readAll(log))
      return try checkProducers(log)
    }
    // After a failed sync there is what was durable before, and nothing else.
    try require(
      isDiskFailing && log.end == log.durableEnd,
      "the log ends at \(log.end), durable at \(log.durableEnd), of \(history.end)")
    try history.expectPrefix(try readAll(log), before: log.end)
  }

  func lookUp(seed: UInt64) throws {
    let log = try openIfNeeded()
    var random = SplitMix(seed: seed)
    for _ in 0..<8 {
      guard let offset = offset(in: log, using: &random) else { break }
      let wanted = history.record(at: offset)
      let found = try inPhase(.reading) { try log.record(at: offset) }
      try require(found == wanted, "look-up of \(offset) found \(found?.summary ?? "nothing")")
      try lookUp(wanted?.timestamp ?? .none, lead: random.number(below: 3) - 1, in: log)
    }
    let beyond = try log.firstOffset(at: Timestamp(milliseconds: .max))
    try require(beyond == nil, "a record of the end of time was found")
  }

  private func lookUp(_ timestamp: Timestamp, lead: Int, in log: Log) throws {
    let wanted = Timestamp(milliseconds: timestamp.rawValue + Int64(lead))
    let found = try inPhase(.reading) { try log.firstOffset(at: wanted) }
    let expected = history.firstOffset(at: wanted).flatMap { $0 < log.end ? $0 : nil }
    try require(
      found?.offset == expected,
      "\(wanted) is first at \(expected.map { "\($0)" } ?? "none"), and found at "
        + "\(found.map { "\($0.offset)" } ?? "none")")
  }

  /// All records, in order.
  func readAll(_ log: Log) throws -> [Record] {
    try inPhase(.reading) { try ModelLog.records(of: log) }
  }

  /// An offset that the log has, by chance. A failed sync may have taken back what was not durable.
  func offset(in log: Log, using random: inout SplitMix) -> Offset? {
    guard !hasBegunAnew(log), log.start < log.end else { return nil }
    return log.start.advanced(by: random.number(below: Int(log.end.rawValue - log.start.rawValue)))
  }
}
