import ExampleSockets
import Varve

/// A client that takes batches from a socket as they lie on the server's disk, and looks at each one.
struct Subscriber {
  let port: UInt16
  let start: Start

  /// More than any batch of the server's has.
  private static let maximumBatchByteCount = 1 << 20

  /// Prints records until so many have come or the server ends.
  func printRecords(_ count: Int) throws {
    let connection = try Connection(to: port)
    var incoming = Incoming(connection)
    try connection.send("SUBSCRIBE \(start)\n")
    let answer = try incoming.line(atMost: 256) ?? "ERROR the server is gone"
    guard answer.hasPrefix("OK "), let first = Int64(answer.dropFirst(3)) else {
      throw ExampleError(answer)
    }
    var next = Offset(rawValue: first)
    var chain = BatchChain(from: 0, continuity: .gapsAllowed)
    var rest = count
    while rest > 0 {
      try look(at: &incoming, &chain, &next, &rest)
      if rest > 0, try !incoming.fill() { break }
    }
    guard rest == 0 || incoming.unread.isEmpty else {
      throw ExampleError("the server ended in the middle of a batch, before \(next)")
    }
  }

  /// Goes through the batches that are there as a whole.
  private func look(
    at incoming: inout Incoming, _ chain: inout BatchChain, _ next: inout Offset, _ rest: inout Int
  ) throws {
    let bytes = Array(incoming.unread)
    var walk = BatchWalk(bytes.span.bytes)
    while rest > 0, var batch = try walk.next() {
      try batch.validate(as: .log)
      try chain.append(batch.header)
      var records = try batch.records.makeIterator()
      while rest > 0, let record = records.next() {
        // A slice begins with the batch that holds the first record.
        guard record.offset >= next else { continue }
        let value = Record(copying: record).value ?? []
        say("\(record.offset): \(String(decoding: value, as: UTF8.self))")
        next = record.offset.advanced(by: 1)
        rest -= 1
      }
    }
    guard try walk.nextByteCount() ?? 0 <= Self.maximumBatchByteCount else {
      throw ExampleError("a batch of over \(Self.maximumBatchByteCount) bytes")
    }
    incoming.skip(walk.position)
  }
}
