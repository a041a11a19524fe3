import ExampleSockets
import Varve

/// The server: one log, whoever writes to it, and whoever reads it.
struct Broker: Sendable {
  private let log: Log
  private let reader: ZeroCopyReader

  /// What is kept for subscribers; older segments go.
  private static let keptByteCount = 1 << 30
  /// How many acknowledgements are gathered at the most, while frames keep coming.
  private static let gatheredByteCount = 2048
  /// How often a subscriber for whom nothing comes is looked after.
  private static let lookInterval = Duration.seconds(5)

  static func open(at directory: String) async throws -> Broker {
    var configuration = LogConfiguration()
    configuration.segmentByteCount = 64 << 20
    configuration.cleaner = RetentionPolicy(byteCount: keptByteCount)
    let log = try await Log.open(at: directory, configuration: configuration)
    return Broker(log: log, reader: ZeroCopyReader(log))
  }

  /// Serves until it is stopped. A log that is closed has its subscribers come to an end, once they have
  /// got everything.
  func run(on port: UInt16) async throws {
    try await Server(port: port).run(drain: { try await log.close() }, serve)
  }

  @Sendable private func serve(_ connection: Connection) async throws {
    let start: Start? = try await onThread {
      var incoming = Incoming(connection)
      guard let line = try incoming.line(atMost: Request.maximumLineByteCount) else { return nil }
      switch Request(line) {
      case .publish: try publish(&incoming, connection)
      case .subscribe(let start): return start
      case nil: try connection.send("ERROR neither PUBLISH nor SUBSCRIBE <offset>\n")
      }
      return nil
    }
    if let start { try await serve(connection, from: start) }
  }
}

// MARK: Publishers, each on a thread

extension Broker {
  private func publish(_ incoming: inout Incoming, _ connection: Connection) throws {
    var answers: [UInt8] = []
    do {
      while let value = try frame(&incoming) {
        // Published: a kill does not lose it. For power cuts there is `durability: .durable`.
        let receipt = try log.append(key: nil, value: value.span.bytes)
        answers += receipt.offset.rawValue.bigEndianBytes
        if incoming.unread.isEmpty || answers.count >= Self.gatheredByteCount {
          try connection.send(answers)
          answers.removeAll()
        }
      }
    } catch {
      // What was taken before is told first.
      try? connection.send(answers + Request.refusedFrame.bigEndianBytes)
      throw error
    }
  }

  private func frame(_ incoming: inout Incoming) throws -> ArraySlice<UInt8>? {
    guard let prefix = try incoming.bytes(4) else { return nil }
    let count = Int(UInt32(bigEndianBytes: prefix))
    guard count <= Request.maximumFrameByteCount else {
      throw ExampleError("a frame of \(count) bytes")
    }
    guard let value = try incoming.bytes(count) else {
      throw ExampleError("the peer ended in the middle of a frame")
    }
    return value
  }
}

// MARK: Subscribers, each a task

extension Broker {
  private func serve(_ connection: Connection, from start: Start) async throws {
    let first: Offset
    switch start {
    case .earliest: first = log.start
    case .latest: first = log.end
    case .offset(let offset): first = offset
    }
    guard (log.start...log.end).contains(first) else {
      return try connection.send("ERROR there is \(log.start) to \(log.end), and no \(first)\n")
    }
    try connection.send("OK \(first)\n")
    try await send(to: connection, from: first)
  }

  /// Nothing is copied here, and no thread waits: neither for records nor for the subscriber.
  private func send(to connection: Connection, from first: Offset) async throws {
    let target = try SendTarget(connection.descriptor)
    var last: LogSlice?
    while true {
      let next =
        if let last {
          try await reader.waitForSlice(after: last, within: Self.lookInterval)
        } else {
          try await reader.waitForSlice(from: .offset(first), within: Self.lookInterval)
        }
      if let next {
        try await reader.send(next, to: target)
        last = next
      } else if log.isClosed || connection.isAtEnd {
        return
      }
    }
  }
}
