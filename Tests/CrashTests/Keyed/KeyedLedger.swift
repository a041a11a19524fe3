import Varve

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
        add(KeyedRecord(seed: compacting.seed, thread: thread, serial: serial), at: offset)
      }
      unheard.insert(
        KeyedRecord(seed: compacting.seed, thread: thread, serial: offsets.count))
    }
  }

  private mutating func add(_ record: KeyedRecord, at offset: Offset) {
    acknowledged[offset] = record
    if last[record.key].map({ $0.offset < offset }) ?? true { last[record.key] = (offset, record) }
  }

  /// Compares the log with it: each record is one that was sent, and of each key the last one is there.
  func check(_ log: Log) throws {
    var found: [[UInt8]: Offset] = [:]
    var (next, unheard) = (Offset(0), unheard)
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let view = records.next() {
        let (offset, record) = (view.offset, Record(copying: view))
        guard offset >= next else { throw Discrepancy(description: "\(offset) is there twice") }
        next = offset.advanced(by: 1)
        try identify(record, at: offset, &unheard)
        found[record.key ?? []] = offset
      }
    }
    for (key, expected) in last { try check(key, expected, found[key]) }
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
