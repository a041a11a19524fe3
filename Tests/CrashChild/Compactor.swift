import Glibc
import Varve

/// Appends records with keys from several threads, cleans, and reports what has been done.
struct Compactor: Sendable {
  private static let burstCount = 32
  private static let pause: UInt32 = 20_000

  private let compacting: Compacting
  private let reports: ReportPipe

  init(_ compacting: Compacting) {
    self.compacting = compacting
    reports = ReportPipe(descriptor: compacting.reports)
  }

  func run() throws {
    reports.send(.opening)
    let log = try openedLog()
    reports.send(.opened(end: log.end))
    for thread in 0..<compacting.threadCount {
      try Threads.start { endingWithErrors { try append(to: log, as: thread) } }
    }
    while true {
      while log.segments.count < compacting.segmentCount { usleep(1000) }
      reports.send(.cleaning)
      let report = try log.clean()
      reports.send(
        .cleaned(
          segmentCount: report.deleted.count + (report.compaction?.replacedSegmentCount ?? 0),
          writtenCount: report.compaction?.writtenSegmentCount ?? 0))
    }
  }

  /// The blocking form: this thread is nobody else's.
  private func openedLog() throws -> Log {
    try Log.open(at: compacting.directory, configuration: compacting.configuration)
  }

  private func endingWithErrors(_ body: () throws -> Void) {
    do { try body() } catch { Ending.failed(error) }
  }

  private func append(to log: Log, as thread: Int) throws {
    for serial in 0... {
      let record = compacting.record(thread: thread, serial: serial)
      let receipt = try log.append(record.record)
      reports.send(
        .acknowledged(Acknowledgement(thread: thread, serial: serial, offset: receipt.offset)))
      // Cleaning has to come after, on a machine that has other things to do, too.
      if serial % Self.burstCount == 0 { usleep(Self.pause) }
    }
  }
}
