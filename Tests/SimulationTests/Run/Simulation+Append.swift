import Varve
import VarveTesting

// Appends, and what comes of them.

/// What is appended, and by whom.
struct Submission {
  var records: [Record]
  var isDurable = false
  /// What it is of a producer's; its offset is not known before.
  var entry: ProducerModel.Entry?

  func entry(at offset: Offset) -> ProducerModel.Entry? {
    var entry = entry
    entry?.baseOffset = offset
    return entry
  }
}

/// A log before something was appended.
private struct LogBefore {
  var end: Offset
  var segmentCount: Int
  var isRefusing: Bool
}

extension Simulation {
  func append(_ sizes: [Int], _ form: AppendForm) throws {
    try openIfNeeded()
    let records = source.next(sizes, now: now)
    try append(Submission(records: records, isDurable: form == .durable)) { log in
      try append(records, form, to: log)
    }
  }

  /// Appends something, and takes note of what came of it.
  func append(
    _ submission: Submission, by append: (Log) throws -> AppendReceipt
  ) throws {
    let log = try openIfNeeded()
    leaders.next = log.leaderEpoch
    let mutations = fileSystem.mutationCount
    let before = LogBefore(
      end: log.end, segmentCount: log.segments.count, isRefusing: life?.isRefusing ?? false)
    let receipt: AppendReceipt
    do {
      receipt = try inPhase(.appending) { try append(log) }
    } catch let error as LogError {
      return try appendFailed(error, of: submission, log, before)
    }
    try require(
      receipt.baseOffset == before.end && receipt.nextOffset == log.end && !receipt.isDuplicate
        && receipt.nextOffset == history.end.advanced(by: submission.records.count),
      "the receipt says \(receipt.baseOffset)..<\(receipt.nextOffset) behind \(before.end)")
    appended(submission)
    if submission.isDurable {
      try checkDurable(receipt, log)
      if log.segments.count > before.segmentCount { coverage.note(.durableAppendOverRoll) }
    }
    history.becameDurable(before: log.durableEnd)
    rollCount += log.segments.count - before.segmentCount
    coverage.note(fileSystem.mutationCount == mutations ? .mappedTail : .positionalTail)
  }

  private func appended(_ submission: Submission) {
    producers.append(submission.entry(at: history.end))
    history.append(submission.records)
    leaders.follow(history)
  }

  func checkDurable(_ receipt: AppendReceipt, _ log: Log) throws {
    try require(
      receipt.durability == .durable && log.durableEnd >= receipt.nextOffset,
      "the receipt says \(receipt.durability), the log \(log.durableEnd)")
    coverage.note(.durableAppend)
  }

  private func appendFailed(
    _ error: LogError, of submission: Submission, _ log: Log, _ before: LogBefore
  ) throws {
    guard !fileSystem.isStopped else {
      // Nobody knows how far it came.
      mayBeFound(submission)
      throw error
    }
    note(error)
    if error.appendedOffset == before.end {
      // It is not known to be on the disk, and there all the same.
      appended(submission)
      guard isDiskFailing else { throw error }
      refusals.append(error)
      return
    }
    try require(
      log.end == before.end || error.code == .poisoned && log.end == log.durableEnd,
      "an append failed, and the log's end moved")
    try accept(error, of: submission, wasRefusing: before.isRefusing)
  }

  /// What may be refused: a batch that no segment has room for, and what a disk that fails cannot
  /// take.
  private func accept(
    _ error: LogError, of submission: Submission, wasRefusing: Bool
  ) throws {
    let byteCount = submission.records.reduce(0) { $0 + ($1.value?.count ?? 0) }
    if error.code == .invalidArgument, byteCount > settings.segmentByteCount - 200 { return }
    guard isDiskFailing else { throw error }
    // What a log does not take any more, it does not write.
    if !wasRefusing { mayBeFound(submission) }
    refusals.append(error)
  }

  private func mayBeFound(_ submission: Submission) {
    history.appendFailed(submission.records)
    producers.appendFailed(submission.entry(at: history.end))
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

  func batch(of records: [Record], _ options: BatchOptions = BatchOptions()) throws -> RecordBatch {
    var builder = try RecordBatchBuilder(options)
    for record in records { try builder.append(record) }
    guard let batch = builder.finish() else { throw SimulationFailure("an empty batch") }
    return batch
  }
}
