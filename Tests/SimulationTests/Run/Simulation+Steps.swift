import Varve
import VarveTesting

// What is done to an open log.

extension Simulation {
  func append(_ sizes: [Int], _ form: AppendForm) throws {
    let log = try openIfNeeded()
    let records = source.next(sizes, now: now)
    leaders.next = log.leaderEpoch
    let mutations = fileSystem.mutationCount
    let before = (
      end: log.end, segmentCount: log.segments.count, isRefusing: life?.isRefusing ?? false
    )
    let receipt: AppendReceipt
    do {
      receipt = try inPhase(.appending) { try append(records, form, to: log) }
    } catch let error as LogError {
      try appendFailed(error, of: records, log, end: before.end, wasRefusing: before.isRefusing)
      return
    }
    try require(
      receipt.baseOffset == before.end && receipt.nextOffset == log.end
        && Int(receipt.nextOffset.rawValue) == history.records.count + records.count,
      "the receipt says \(receipt.baseOffset)..<\(receipt.nextOffset) behind \(before.end)")
    history.append(records)
    leaders.append(upTo: log.end)
    if form == .durable {
      try require(
        receipt.durability == .durable && log.durableEnd >= receipt.nextOffset,
        "the receipt says \(receipt.durability), the log \(log.durableEnd)")
      coverage.note(.durableAppend)
      if log.segments.count > before.segmentCount { coverage.note(.durableAppendOverRoll) }
    }
    history.becameDurable(before: log.durableEnd)
    rollCount += log.segments.count - before.segmentCount
    coverage.note(fileSystem.mutationCount == mutations ? .mappedTail : .positionalTail)
  }

  private func appendFailed(
    _ error: LogError, of records: [Record], _ log: Log, end: Offset, wasRefusing: Bool
  ) throws {
    guard !fileSystem.isStopped else {
      // Nobody knows how far it came.
      history.appendFailed(records)
      throw error
    }
    note(error)
    if error.appendedOffset == end {
      // It is not known to be on the disk, and there all the same.
      history.append(records)
      leaders.append(upTo: log.end)
      guard isDiskFailing else { throw error }
      refusals.append(error)
      return
    }
    try require(
      log.end == end || error.code == .poisoned && log.end == log.durableEnd,
      "an append failed, and the log's end moved")
    try accept(error, of: records, wasRefusing: wasRefusing)
  }

  /// What may be refused: a batch that no segment has room for, and what a disk that fails cannot
  /// take.
  private func accept(_ error: LogError, of records: [Record], wasRefusing: Bool) throws {
    let byteCount = records.reduce(0) { $0 + ($1.value?.count ?? 0) }
    if error.code == .invalidArgument, byteCount > settings.segmentByteCount - 200 { return }
    guard isDiskFailing else { throw error }
    // What a log does not take any more, it does not write.
    if !wasRefusing { history.appendFailed(records) }
    refusals.append(error)
  }

  private func append(
    _ records: [Record], _ form: AppendForm, to log: Log
  ) throws -> AppendReceipt {
    switch form {
    case .records where records.count == 1: return try log.append(records[0])
    case .records: return try log.append(records)
    case .spans where records.count == 1: return try append(spansOf: records[0], to: log)
    case .spans: return try log.append(records)
    case .durable where records.count == 1:
      return try log.append(records[0], durability: .durable)
    case .durable: return try log.append(records, durability: .durable)
    case .batch: return try log.append(batch(of: records))
    case .produced: return try log.append(producedBatch: batch(of: records).bytes)
    }
  }

  private func append(spansOf record: Record, to log: Log) throws -> AppendReceipt {
    let key = record.key ?? []
    let value = record.value ?? []
    return try log.append(
      key: key.span.bytes, value: value.span.bytes, timestamp: record.timestamp)
  }

  private func batch(of records: [Record]) throws -> RecordBatch {
    var builder = try RecordBatchBuilder()
    for record in records { try builder.append(record) }
    guard let batch = builder.finish() else { throw SimulationFailure("an empty batch") }
    return batch
  }

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
    guard log.end < history.end else {
      return try history.expectAll(try readAll(log))
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
    // A failed sync has taken back what was not durable.
    let count = isDiskFailing ? Int(log.end.rawValue) : history.records.count
    for _ in 0..<8 where count > 0 {
      let offset = random.number(below: count)
      let wanted = history.records[offset]
      let found = try inPhase(.reading) { try log.record(at: Offset(rawValue: Int64(offset))) }
      try require(found == wanted, "look-up of \(offset) found \(found?.summary ?? "nothing")")
      try lookUp(wanted.timestamp ?? .none, lead: random.number(below: 3) - 1, in: log)
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
}
