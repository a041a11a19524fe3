import Glibc
import Varve

/// Reads what another process appends, and reports each batch.
struct Follower: Sendable {
  private let following: Following
  private let reports: ReportPipe

  init(_ following: Following) {
    self.following = following
    reports = ReportPipe(descriptor: following.reports)
  }

  func run() async throws {
    reports.send(.opening)
    let log = try await Log.open(at: following.directory, mode: .readOnly)
    reports.send(.opened(end: log.end))
    let reading = Task { try await read(log) }
    try Threads.start {
      waitToBeTold()
      reading.cancel()
    }
    do {
      try await reading.value
    } catch let error as LogError where error.code == .cancelled {
    }
    try await log.close()
    reports.send(.finished)
  }

  private func read(_ log: Log) async throws {
    for try await batch in log.tail(from: .earliest) {
      // Once more, from the bytes alone: the log may be wrong about what it has looked at.
      _ = try BatchView(validating: batch.bytes, as: .log)
      reports.send(
        .seen(
          SeenBatch(
            baseOffset: batch.header.baseOffset, recordCount: batch.header.recordCount,
            checksum: CRC32C.checksum(of: batch.bytes))))
    }
  }

  /// Returns when the control pipe's other end is closed: by the test, or by its end.
  private func waitToBeTold() {
    var byte: UInt8 = 0
    while true {
      let count = Glibc.read(following.control, &byte, 1)
      guard count > 0 || count < 0 && errno == EINTR else { return }
    }
  }
}
