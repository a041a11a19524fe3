import Varve

@testable import crash_child

/// What was sent to the log of a directory by one process after the other, and what of it each has
/// acknowledged.
struct Ledger {
  struct Entry {
    let appending: Appending
    let heard: Heard
  }

  struct Discrepancy: Error, CustomStringConvertible {
    let description: String
  }

  private(set) var entries: [Entry] = []

  mutating func add(_ appending: Appending, _ heard: Heard) {
    entries.append(Entry(appending: appending, heard: heard))
  }

  /// Compares the log with it, record by record.
  ///
  /// - Returns: How many records are there that nobody has acknowledged: of each thread that was
  ///   killed there may be one.
  func check(_ log: Log) throws -> Int {
    var check = LedgerCheck(entries)
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let record = records.next() { try check.see(record) }
    }
    try check.end(log.end)
    return check.unacknowledgedCount
  }
}
