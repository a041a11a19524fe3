import Varve

/// What a shop is asked for, one record an order: kept for a month, and passed on to whoever subscribes.
struct OrderFeed: Sendable {
  let log: Log
  let reader: ZeroCopyReader

  static func open(at directory: String) async throws -> OrderFeed {
    var configuration = LogConfiguration()
    configuration.syncPolicy = .every(.seconds(1))
    configuration.cleaner = .delete(olderThan: .seconds(30 * 86_400))
    let log = try await Log.open(at: directory, configuration: configuration)
    if let report = log.recovery { print("recovered: \(report)") }
    return OrderFeed(log: log, reader: ZeroCopyReader(log))
  }
}

// MARK: Appending

extension OrderFeed {
  /// Takes an order, and returns once a power cut cannot take it back.
  func take(_ order: String, of customer: String) async throws -> Offset {
    let receipt = try await log.append(
      Record(key: customer, value: order), durability: .durable)
    return receipt.offset
  }

  /// Takes note of something that may be lost with the power, and waits for nothing.
  func note(_ text: String, about customer: String) throws -> Offset {
    try log.append(Record(key: customer, value: text)).offset
  }

  /// Takes orders that belong together: all of them, or none.
  func take(_ orders: [String], of customer: String) async throws -> Range<Offset> {
    let records = orders.map { Record(key: customer, value: $0) }
    let receipt = try await log.append(records, durability: .durable)
    return receipt.baseOffset..<receipt.nextOffset
  }
}

extension OrderFeed {
  /// Takes an order if the customer has not ordered the same before, whoever else takes some meanwhile.
  func takeOnce(_ order: String, of customer: String) async throws -> Bool {
    while true {
      let end = log.end
      guard try await !history(of: customer).contains(order) else { return false }
      do throws(LogError) {
        let order = Record(key: customer, value: order)
        try await log.append([order], expectingEnd: end, durability: .durable)
        return true
      } catch {
        // Something may have come since the end was looked at.
        guard error.code == .conflict else { throw error }
      }
    }
  }
}

// MARK: Reading

extension OrderFeed {
  /// The order with a number, if there is one.
  func order(at offset: Offset) async throws -> String? {
    guard let value = try await log.record(at: offset)?.value else { return nil }
    return String(decoding: value, as: UTF8.self)
  }

  /// How many records there are from a time on.
  func count(since time: Timestamp) async throws -> Int {
    guard let first = try await log.firstOffset(at: time) else { return 0 }
    return first.offset.distance(to: log.end)
  }

  /// What a customer has ordered so far.
  func history(of customer: String) async throws -> [String] {
    var orders: [String] = []
    for try await record in log.records() {
      let record = Record(copying: record.view)
      if record.key == Array(customer.utf8), let order = record.value {
        orders.append(String(decoding: order, as: UTF8.self))
      }
    }
    return orders
  }

  /// Calls `body` with each record from an offset on, and with those to come, until the log is closed.
  func follow(from first: Offset, _ body: (Offset, Record) throws -> Void) async throws {
    for try await batch in log.tail(from: .offset(first)) {
      // A batch is read whole, and the first one may begin before the offset.
      for record in try batch.records() where record.offset >= first {
        try body(record.offset, Record(copying: record.view))
      }
    }
  }
}

// MARK: Sending

extension OrderFeed {
  /// Sends all batches from an offset on to a subscriber, and those to come, until the log is closed.
  func serve(_ socket: Int32, from first: Offset) async throws {
    var slice = try await reader.waitForSlice(from: .offset(first), isolation: .durable)
    while let next = slice {
      try await reader.send(next, to: socket)
      slice = try await reader.waitForSlice(after: next, isolation: .durable)
    }
  }
}

// MARK: Failing

extension OrderFeed {
  /// What a client is told, in the words of HTTP.
  static func status(of error: LogError) -> Int {
    switch error.code {
    // There is no room at the moment. Each append tries anew, so nothing need be reset.
    case .full, .retry: 503
    // What was asked for was deleted for its age.
    case .trimmed: 410
    // The record is too large, say, or the offset lies behind the end.
    case .invalidArgument: 400
    // A sync has failed: the server should end, and open the log again.
    case .poisoned: 500
    default: 500
    }
  }
}

// MARK: Ending

/// Closes the log when the server ends: ServiceLifecycle's `Service`.
struct OrderFeedService: Service {
  let feed: OrderFeed

  func run() async throws {
    try? await gracefulShutdown()
    try await feed.log.close()
  }
}
