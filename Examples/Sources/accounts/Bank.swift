import ExampleSockets
import Synchronization
import Varve

/// A log of events, and the ledger to which they come. Its calls wait for the device.
final class Bank: Sendable {
  private let log: Log
  private let ledger: Mutex<Ledger>

  private init(_ log: Log, _ ledger: consuming Ledger) {
    self.log = log
    self.ledger = Mutex(ledger)
  }

  /// Opens the log, and makes the ledger anew from all that has happened.
  static func open(at directory: String) async throws -> Bank {
    var configuration = LogConfiguration()
    // Events have the log's time: after a restart, too, a client was heard of when its last one came.
    configuration.timestampType = .appendTime
    // Of a client that is forgotten a command that is sent again would be a new one.
    configuration.producerExpiration = .seconds(10 * 365 * 86_400)
    let log = try await Log.open(at: directory, configuration: configuration)
    let ledger = try await onThread { try Self.ledger(of: log) }
    return Bank(log, ledger)
  }

  private static func ledger(of log: Log) throws -> Ledger {
    var ledger = Ledger()
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let record = records.next() {
        ledger.apply(try Event(Record(copying: record), at: record.offset))
      }
    }
    return ledger
  }

  func close() async throws { try await log.close() }
}

extension Bank {
  /// Has a command happen once, however often it is sent, and returns what became of it once that is
  /// on the device.
  func execute(_ command: Command, client: Int64, number: Int32) throws -> (Event, at: Offset) {
    // Decided, appended and applied in one, so that events are in the order in which they were decided.
    let (event, receipt) = try ledger.withLock { ledger in
      let event = ledger.decide(command)
      let receipt = try log.append(event.batch(of: client, number: number))
      if !receipt.isDuplicate { ledger.apply(event) }
      return (event, receipt)
    }
    // Not under the lock: one sync serves all who wait.
    try waitUntilDurable(receipt.nextOffset)
    guard receipt.isDuplicate else { return (event, receipt.offset) }
    return (try self.event(at: receipt.offset), receipt.offset)
  }

  /// What an account has; nil if it has never had anything.
  func balance(of account: String) throws -> Int64? {
    let (balance, end) = ledger.withLock { ($0.balances[account], log.end) }
    // Nobody is told of what a power cut may take back.
    try waitUntilDurable(end)
    return balance
  }

  private func event(at offset: Offset) throws -> Event {
    guard let record = try log.record(at: offset) else {
      throw LogError(.corrupt, "there is no event at \(offset)")
    }
    return try Event(record, at: offset)
  }

  private func waitUntilDurable(_ end: Offset) throws {
    do {
      try log.waitUntilDurable(end)
    } catch {
      throw UncertainState(cause: error)
    }
  }
}

/// The ledger holds what may not be on the device: only the log can tell, once it is opened again.
struct UncertainState: Error, CustomStringConvertible {
  let cause: LogError

  var description: String { "what happened may be lost, until the log is opened again: \(cause)" }
}
