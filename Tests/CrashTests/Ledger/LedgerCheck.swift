import Foundation
import Varve

@testable import crash_child

/// Goes through a log's records in their order.
struct LedgerCheck {
  private let entries: [Ledger.Entry]
  private var current = -1
  /// The serials that are next of the current entry's threads.
  private var serials: [Int] = []
  private var nextOffset: Offset = 0
  private(set) var unacknowledgedCount = 0

  init(_ entries: [Ledger.Entry]) { self.entries = entries }

  mutating func see(_ record: borrowing RecordView) throws {
    let offset = record.offset
    guard offset == nextOffset else { throw discrepancy("\(offset) where \(nextOffset) is next") }
    guard let sent = record.sent else { throw discrepancy("\(offset) has a key that nobody sent") }
    try goOn(to: sent)
    let (entry, thread) = (entries[current], sent.thread)
    guard serials.indices.contains(thread), sent.serial == serials[thread] else {
      throw discrepancy("\(offset) is \(sent), where of each thread are next: \(serials)")
    }
    try checkPlace(of: sent, offset, entry.heard)
    guard record.isWhole(sent, upTo: entry.appending.recordByteCount) else {
      throw discrepancy("\(offset) is not what was sent as \(sent)")
    }
    serials[thread] += 1
    nextOffset = offset.advanced(by: 1)
  }

  /// Where an acknowledgement says so, or else behind all of its thread's: a thread sends nothing
  /// before what it has sent is acknowledged.
  private mutating func checkPlace(
    of sent: SentRecord, _ offset: Offset, _ heard: Heard
  ) throws {
    let places = sent.thread < heard.acknowledged.count ? heard.acknowledged[sent.thread] : []
    if sent.serial < places.count {
      let place = places[sent.serial]
      guard place == offset else {
        throw discrepancy("\(sent) is at \(offset), and was acknowledged at \(place)")
      }
    } else {
      guard sent.serial == places.count else {
        throw discrepancy("\(sent) at \(offset) cannot have been sent: \(places.count) is next")
      }
      unacknowledgedCount += 1
    }
  }

  /// Goes on to the process that sent a record, if the one before it has all that it must have.
  private mutating func goOn(to sent: SentRecord) throws {
    guard current < 0 || entries[current].appending.seed != sent.seed else { return }
    repeat {
      try endEntry()
      guard current + 1 < entries.count else {
        throw discrepancy("\(nextOffset) is \(sent), of a process that was not next")
      }
      beginEntry()
    } while entries[current].appending.seed != sent.seed
    guard let end = entries[current].heard.openedEnd, end == nextOffset else {
      throw discrepancy(
        "\(sent) is at \(nextOffset), of a process that found the log's end at "
          + "\(entries[current].heard.openedEnd?.description ?? "none")")
    }
  }

  private mutating func beginEntry() {
    current += 1
    serials = [Int](repeating: 0, count: entries[current].appending.threadCount)
  }

  private func endEntry() throws {
    guard current >= 0 else { return }
    for (thread, places) in entries[current].heard.acknowledged.enumerated() {
      guard thread < serials.count, serials[thread] >= places.count else {
        throw discrepancy(
          "the log has \(serials) records of its threads; of \(thread), \(places.count) were "
            + "acknowledged, the last at \(places.last?.description ?? "none")")
      }
    }
    guard entries[current].heard.nonsense.isEmpty else {
      throw discrepancy("\(entries[current].heard.nonsense.prefix(3))")
    }
  }

  mutating func end(_ end: Offset) throws {
    try endEntry()
    while current + 1 < entries.count {
      beginEntry()
      try endEntry()
    }
    guard nextOffset == end else {
      throw discrepancy("the records end at \(nextOffset), and the log at \(end)")
    }
  }

  private func discrepancy(_ text: String) -> Ledger.Discrepancy {
    let seeds = entries.map(\.appending.seed)
    let sender = entries.indices.contains(current) ? "\(entries[current].appending)" : "nobody"
    return Ledger.Discrepancy(description: "\(text); sent by \(sender), of \(seeds)")
  }
}

extension RecordView {
  /// What it says it is.
  fileprivate var sent: SentRecord? {
    guard let key else { return nil }
    return key.withUnsafeBytes { SentRecord(key: $0) }
  }

  /// Whether it is that, byte for byte.
  fileprivate func isWhole(_ sent: SentRecord, upTo most: Int) -> Bool {
    guard let value, timestamp == sent.timestamp, headers.isEmpty else { return false }
    let expected = sent.value(upTo: most)
    return value.withUnsafeBytes { found in
      guard found.count == expected.count, let start = found.baseAddress else { return false }
      return memcmp(start, expected, found.count) == 0
    }
  }
}
