import Foundation
import Varve

extension Load {
  /// Follows a log from where it was left, and says how far it is.
  func follow(
    _ partition: TopicPartition, in store: LogStore, _ positions: Positions
  ) async throws {
    let log = try await store.log(for: partition)
    let content = try SoakStore.content(of: partition, in: store)
    let known = positions.position(of: "soak", in: partition)?.offset ?? 0
    var next = max(known, log.start)
    var count = 0
    do {
      for try await batch in log.tail(from: .offset(next)) {
        // Of a compacted log batches are missing, of the others none.
        guard batch.header.baseOffset == next || SoakStore.isKeyed(partition) else {
          throw Discrepancy("\(partition): \(batch.header.baseOffset) comes where \(next) does")
        }
        next = try content.check(batch)
        count += 1
        guard count % 500 == 0 else { continue }
        try positions.commit(next, for: "soak", of: partition)
        SoakReport.committed(partition, next).send()
        SoakReport.tailed(500).send()
      }
    } catch let error as LogError where error.isOvertaken {
      // What retention has left is followed.
      try positions.commit(max(next, log.start), for: "soak", of: partition)
      try await follow(partition, in: store, positions)
    }
  }

  /// Sends slices from anywhere in a log to a socket, and looks at what comes out of it.
  func send(_ partition: TopicPartition, in store: LogStore) async throws {
    let log = try await store.log(for: partition)
    let content = try SoakStore.content(of: partition, in: store)
    let reader = ZeroCopyReader(log)
    let connection = try Connection()
    var random = SystemRandomNumberGenerator()
    while !Task.isCancelled {
      try await Task.sleep(for: .milliseconds(30))
      let (start, end) = (log.start.rawValue, log.end.rawValue)
      guard start < end else { continue }
      let offset = Offset(rawValue: Int64.random(in: start..<end, using: &random))
      do {
        guard let slice = try await reader.slice(from: .offset(offset), maximumByteCount: 1 << 20)
        else { continue }
        async let received = connection.receive(slice.byteCount)
        do {
          try await reader.send(slice, to: connection.sender)
        } catch {
          // Nothing more comes, for which somebody would wait.
          connection.shutDown()
          throw error
        }
        try await Self.check(received, content)
        SoakReport.received(slice.byteCount).send()
      } catch let error as LogError where error.isOvertaken {
        // What was to be sent is gone.
      }
    }
  }

  private static func check(_ bytes: [UInt8], _ content: Content) throws {
    var walk = BatchWalk(bytes.span.bytes)
    while let view = try walk.next() {
      let (start, count) = (walk.batchPosition, view.header.byteCount)
      let batch = try RecordBatch(
        validating: bytes.span.bytes.extracting(start..<start + count), as: .log)
      _ = try content.check(batch)
    }
    guard walk.remainingByteCount == 0 else {
      throw Discrepancy("\(content.partition): a slice ends within a batch")
    }
  }
}

extension LogError {
  /// Whether retention was faster than a reader: the offset is before the log's start, or is about to be.
  fileprivate var isOvertaken: Bool { code == .trimmed || code == .retry }
}
