@testable import Varve
@testable import crash_child

/// What was sent to a log that is compacted, by one process after the other, each of which was killed.
struct KeyedLedger {
  struct Discrepancy: Error, CustomStringConvertible {
    let description: String
  }

  /// What each offset was acknowledged for.
  private var acknowledged: [Offset: KeyedRecord] = [:]
  /// Of each key, the last one of these.
  private var last: [[UInt8]: (offset: Offset, record: KeyedRecord)] = [:]
  /// What may have been appended besides, for nobody was told: of each thread, one.
  private var unheard: Set<KeyedRecord> = []

  /// Takes in what a process told until it was killed.
  mutating func add(_ compacting: Compacting, _ heard: borrowing Heard) {
    for thread in 0..<compacting.threadCount {
      let offsets = thread < heard.acknowledged.count ? heard.acknowledged[thread] : []
      for (serial, offset) in offsets.enumerated() {
        add(compacting.record(thread: thread, serial: serial), at: offset)
      }
      unheard.insert(compacting.record(thread: thread, serial: offsets.count))
    }
  }

  private mutating func add(_ record: KeyedRecord, at offset: Offset) {
    acknowledged[offset] = record
    if last[record.key].map({ $0.offset < offset }) ?? true { last[record.key] = (offset, record) }
  }

  /// Compares what is left with it: each record is one that was sent, and of each key the last one is there.
  ///
  /// - Parameter end: Where the log ends for whoever sees these records: what came later he does not know.
  func check(_ records: [StoredRecord], before end: Offset = .maximum) throws {
    let found = Dictionary(
      try identified(records).map { ($0.record.key ?? [], $0.offset) }, uniquingKeysWith: { $1 })
    for (key, expected) in last where expected.offset < end {
      try check(key, expected, found[key])
    }
  }

  /// The same of a log that keeps all records from its start on.
  func checkAll(
    _ records: [StoredRecord], from start: Offset, before end: Offset = .maximum
  ) throws {
    let next = start.advanced(by: try identified(records).count)
    if let first = records.first, let last = records.last,
      first.offset != start || last.offset.advanced(by: 1) != next
    {
      throw Discrepancy(
        description: "of the records from \(start) on there are \(records.count), "
          + "\(first.offset) to \(last.offset)")
    }
    if let lost = acknowledged.keys.first(where: { $0 >= next && $0 < end }) {
      throw Discrepancy(description: "\(lost) was acknowledged, and the log ends at \(next)")
    }
  }

  /// The records, each of which was sent, and lies behind the one before it.
  private func identified(_ records: [StoredRecord]) throws -> [StoredRecord] {
    var (next, unheard) = (Offset(0), unheard)
    for stored in records {
      guard stored.offset >= next else {
        throw Discrepancy(description: "\(stored.offset) is there twice")
      }
      next = stored.offset.advanced(by: 1)
      try identify(stored.record, at: stored.offset, &unheard)
    }
    return records
  }

  private func identify(
    _ record: Record, at offset: Offset, _ unheard: inout Set<KeyedRecord>
  ) throws {
    if let sent = acknowledged[offset] {
      guard record == sent.record else {
        throw Discrepancy(description: "what is at \(offset) is not \(sent)")
      }
    } else {
      guard let sent = unheard.first(where: { record == $0.record }) else {
        throw Discrepancy(description: "nobody sent what is at \(offset)")
      }
      unheard.remove(sent)
    }
  }

  private func check(
    _ key: [UInt8], _ expected: (offset: Offset, record: KeyedRecord), _ found: Offset?
  ) throws {
    let name = String(decoding: key, as: UTF8.self)
    guard let found else {
      // Deleted, by what was acknowledged or by what was not, and that is gone by now, too.
      let isDeleted =
        expected.record.isTombstone || unheard.contains { $0.key == key && $0.isTombstone }
      guard isDeleted else {
        throw Discrepancy(
          description: "\(name) is missing, \(expected.record) was at \(expected.offset)")
      }
      return
    }
    guard found >= expected.offset else {
      throw Discrepancy(
        description: "\(name) is at \(found), and was acknowledged at \(expected.offset) last")
    }
  }
}

/// A record, and where it is.
struct StoredRecord {
  let offset: Offset
  let record: Record
}

extension StoredRecord {
  /// All that a log has.
  static func all(of log: Log) throws -> [StoredRecord] {
    var found: [StoredRecord] = []
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let view = records.next() {
        found.append(StoredRecord(offset: view.offset, record: Record(copying: view)))
      }
    }
    return found
  }
}
