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
      Control(descriptor: following.control).waitForEnd()
      reading.cancel()
    }
    do {
      try await reading.value
    } catch let error as LogError where error.code == .cancelled {
    }
    try await log.close()
    reports.send(.finished)
    Ending.done.take()
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
}
