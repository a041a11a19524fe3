import Varve

/// Appends from several threads, and reports each append once it has returned.
struct Writer: Sendable {
  private let appending: Appending
  private let reports: ReportPipe

  init(_ appending: Appending) {
    self.appending = appending
    reports = ReportPipe(descriptor: appending.reports)
  }

  func run() throws {
    reports.send(.opening)
    var configuration = LogConfiguration()
    configuration.segmentByteCount = appending.segmentByteCount
    configuration.tailWriter = appending.writer
    configuration.observer = Reporter(reports: reports)
    let log = try Log.open(at: appending.directory, configuration: configuration)
    reports.send(.opened(end: log.end))
    for thread in 0..<appending.threadCount {
      try Threads.start { endingWithErrors { try append(to: log, as: thread) } }
    }
    Control(descriptor: appending.control).waitForEnd()
    reports.send(.closing)
    try log.close()
    reports.send(.finished)
    Ending.done.take()
  }

  private func endingWithErrors(_ body: () throws -> Void) {
    do {
      try body()
    } catch let error as LogError where error.code == .closed {
      // The appends end when the log is closed amid them.
    } catch {
      Ending.failed(error)
    }
  }

  private func append(to log: Log, as thread: Int) throws {
    for serial in 0... {
      let record = SentRecord(seed: appending.seed, thread: thread, serial: serial)
      let receipt = try append(record, to: log)
      // Only now: what is reported before it is so would prove nothing.
      reports.send(
        .acknowledged(Acknowledgement(thread: thread, serial: serial, offset: receipt.offset)))
    }
  }

  /// The one place that says how a record is appended, and so what its acknowledgement means.
  private func append(_ record: SentRecord, to log: Log) throws -> AppendReceipt {
    let (key, value) = (record.key, record.value(upTo: appending.recordByteCount))
    return try log.append(
      key: key.span.bytes, value: value.span.bytes, timestamp: record.timestamp,
      durability: appending.durability)
  }
}

/// Reports what the log tells of itself.
private final class Reporter: LogObserver {
  private let reports: ReportPipe

  init(reports: ReportPipe) { self.reports = reports }

  func log(at directory: String, did event: LogEvent) {
    switch event {
    case .rolled(let base, _): reports.send(.rolled(to: base))
    case .recovered(let report): reports.send(.recovered(cutByteCount: report.cutByteCount))
    // Nothing fails on a machine that is well, so the test must hear of it.
    case .maintenanceFailed(let error), .poisoned(let error): Ending.failed(error)
    case .tailFellBack(let detail): Ending.systemFailed.take(detail)
    default: break
    }
  }
}
