import Varve

/// All that a store says of what is in it, in lines that can be compared and read.
enum StoreContents {
  static func lines(of store: LogStore) throws -> [String] {
    var lines: [String] = []
    for partition in store.partitions {
      let log = try store[partition].required()
      lines += try head(of: log, partition, store) + records(of: log)
    }
    return lines + (try positions(in: store))
  }

  private static func head(
    of log: Log, _ partition: TopicPartition, _ store: LogStore
  ) throws -> [String] {
    let topicID = store.topicID(of: partition.topic).map { "\($0)" } ?? "none"
    let reigns = log.leaderEpochs.map { "\($0.epoch)@\($0.startOffset)" }
    var lines = [
      "log \(partition) \(log.start)..<\(log.end) stable \(log.lastStableOffset) topic \(topicID)",
      "leaders " + reigns.joined(separator: " "),
    ]
    for entry in log.producers.entries {
      let last = entry.lastBatch.map { "\($0.lastSequence)@\($0.lastOffset)" } ?? "nothing"
      let open = entry.transactionStart.map { "\($0)" } ?? "none"
      lines.append("producer \(entry.producer) last \(last) open \(open)")
    }
    for transaction in try log.abortedTransactions(in: log.start..<log.end) {
      lines.append(
        "aborted \(transaction.producerID) \(transaction.firstOffset)...\(transaction.lastOffset)")
    }
    var counting: [String] = []
    var scan = try log.scan(from: .earliest, isolation: .lastStable)
    while let batch = try scan.next() { counting.append("\(batch.header.baseOffset)") }
    lines.append("counting " + counting.joined(separator: " "))
    return lines
  }

  private static func records(of log: Log) throws -> [String] {
    var lines: [String] = []
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() {
      let header = batch.header
      let producer = header.producer.map { "\($0) \(header.baseSequence)" } ?? "nobody"
      lines.append(
        "batch \(header.baseOffset)...\(header.lastOffset) \(header.codec) epoch \(header.leaderEpoch)"
          + " by \(producer)" + (header.isTransactional ? " transactional" : "")
          + (header.isControl ? " control" : ""))
      var records = try batch.records.makeIterator()
      while let record = records.next() {
        lines.append(line(of: Record(copying: record), record.offset))
      }
    }
    return lines
  }

  private static func line(of record: Record, _ offset: Offset) -> String {
    let headers = record.headers.map { "\($0.key)=\(digits($0.value))" }
    return
      ([
        "\(offset)", "\(record.timestamp?.rawValue ?? -1)", digits(record.key),
        digits(record.value),
      ] + headers).joined(separator: " ")
  }

  private static func digits(_ bytes: [UInt8]?) -> String {
    guard let bytes else { return "null" }
    return "x" + bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  private static func positions(in store: LogStore) throws -> [String] {
    let positions = try Positions.open(in: store)
    return positions.groups.flatMap { group in
      positions.positions(of: group).map { "position \(group) \($0.key) \($0.value.offset)" }
        .sorted()
    }
  }
}
