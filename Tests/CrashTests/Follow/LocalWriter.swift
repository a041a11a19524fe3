import Varve
import VarveSystem

@testable import crash_child

/// Appends as a child does, but in this process.
final class LocalWriter: Sendable {
  private let appending: Appending
  private let log: Log
  private let segmentCount: Int
  private let heard = Lock(Heard())
  private let failure = Lock<(any Error)?>(nil)

  private init(_ appending: Appending, _ log: Log, segmentCount: Int) {
    (self.appending, self.log, self.segmentCount) = (appending, log, segmentCount)
  }

  /// Appends from several threads until the log has so many segments.
  ///
  /// - Returns: What a child would have told.
  static func append(
    _ appending: Appending, to log: Log, untilSegments count: Int
  ) throws -> Heard {
    let writer = LocalWriter(appending, log, segmentCount: count)
    writer.heard.withLock { $0.note(.opened(end: log.end)) }
    try Threads.run(appending.threadCount) { writer.append(as: $0) }
    if let failure = writer.failure.withLock({ $0 }) { throw failure }
    return writer.heard.withLock { $0 }
  }

  private func append(as thread: Int) {
    var serial = 0
    while log.segments.count < segmentCount, failure.withLock({ $0 == nil }) {
      let record = SentRecord(seed: appending.seed, thread: thread, serial: serial)
      let (key, value) = (record.key, record.value(upTo: appending.recordByteCount))
      do {
        let receipt = try log.append(
          key: key.span.bytes, value: value.span.bytes, timestamp: record.timestamp)
        let append = Acknowledgement(thread: thread, serial: serial, offset: receipt.offset)
        heard.withLock { $0.note(.acknowledged(append)) }
      } catch {
        failure.withLock { $0 = error }
      }
      serial += 1
    }
  }
}
