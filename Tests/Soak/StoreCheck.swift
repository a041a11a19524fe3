import Varve

/// Compares a store with what was told of it.
struct StoreCheck {
  let store: LogStore
  let ledger: SoakLedger

  func run() throws {
    guard store.failures.isEmpty else { throw Discrepancy("not all logs open: \(store.failures)") }
    for (partition, known) in ledger.known where !ledger.uncertain.contains(partition) {
      guard let log = store[partition] else { throw Discrepancy("\(partition) is not there") }
      guard store.topicID(of: partition.topic) == known.id else {
        throw Discrepancy("\(partition) is another log of that name")
      }
      guard log.end >= known.end else {
        throw Discrepancy("\(partition) ends at \(log.end), and \(known.end) was acknowledged")
      }
    }
    for partition in store.partitions where partition.topic != Positions.defaultTopic {
      guard let log = store[partition] else { continue }
      let isExpected =
        ledger.known[partition] != nil || ledger.uncertain.contains(partition)
        || !partition.topic.hasPrefix("churn-")
      guard isExpected else { throw Discrepancy("\(partition) was deleted") }
      try check(log, SoakStore.content(of: partition, in: store))
    }
    try checkPositions()
  }

  private func check(_ log: Log, _ content: Content) throws {
    var (next, last) = (log.start, [UInt64: Offset]())
    let isKeyed = SoakStore.isKeyed(content.partition)
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let record = records.next() {
        let offset = record.offset
        guard isKeyed ? offset >= next : offset == next else {
          throw Discrepancy("\(content.partition): \(offset) comes where \(next) does")
        }
        try content.check(record)
        last[content.key(at: offset)] = offset
        next = offset.advanced(by: 1)
      }
    }
    guard isKeyed || next == log.end else {
      throw Discrepancy("\(content.partition) can be read to \(next), and ends at \(log.end)")
    }
    if isKeyed { try checkKeys(of: log, content, last) }
    let verification = try log.verify()
    guard verification.isSound else {
      throw Discrepancy("\(content.partition) is not sound: \(verification)")
    }
  }

  /// Of each key, the last record that was appended is there.
  private func checkKeys(of log: Log, _ content: Content, _ found: [UInt64: Offset]) throws {
    var missing = Set(0..<Content.keyCount)
    var offset = log.end
    while offset > log.start, !missing.isEmpty {
      offset = offset.advanced(by: -1)
      let key = content.key(at: offset)
      guard missing.remove(key) != nil, found[key] != offset else { continue }
      throw Discrepancy("\(content.partition): \(offset), the last one of key \(key), is missing")
    }
  }

  private func checkPositions() throws {
    let positions = try Positions.open(in: store)
    for (partition, offset) in ledger.committed {
      let found = positions.position(of: "soak", in: partition)?.offset
      guard let found, found >= offset else {
        throw Discrepancy("\(partition) was read to \(offset), and \(found as Any) is known")
      }
    }
  }
}
