public import Varve

// What is read, compared with what must be there.

extension ModelLog {
  /// Throws unless these are all records that are acknowledged, neither more nor less.
  public func expectAll(_ found: [Record]) throws(Mismatch) {
    try compare(found)
    guard found.count == records.count else {
      throw Mismatch("\(found.count) of \(records.count) records are read")
    }
  }

  /// Throws unless these are all records before an offset, and what is durable is among them: what a
  /// log serves that a failed sync has taken back.
  public func expectPrefix(_ found: [Record], before offset: Offset) throws(Mismatch) {
    try compare(found)
    let least = min(durableCount, uncertainEnd.map { Int($0.rawValue) } ?? .max)
    guard found.count == Int(offset.rawValue), found.count >= least else {
      throw Mismatch(
        "\(found.count) records are read, \(durableCount) are durable, and the log ends at \(offset)"
      )
    }
  }

  /// Throws unless Kafka, started with a directory that a crash has left, has kept what it must: what is
  /// durable, and what lies before its recovery point.
  ///
  /// - Parameters:
  ///   - kept: What it serves.
  ///   - recoveryPoint: What it was told to believe.
  ///   - mayHaveHoles: Whether behind these something may be missing before other records, as where the
  ///     log's policy is not to sync its segments.
  public func expectKept(
    _ kept: [KafkaLoaderModel.ServedRecord], recoveryPoint: Offset = 0, mayHaveHoles: Bool = false
  ) throws(Mismatch) {
    let certainCount = max(durableCount, Int(recoveryPoint.rawValue))
    var whole = kept[...]
    if mayHaveHoles { whole = whole.prefix(certainCount) }
    for (number, served) in whole.enumerated() where served.offset.rawValue != number {
      throw Mismatch("Kafka serves offset \(served.offset) where \(number) is next")
    }
    try compare(whole.map(\.record))
    guard kept.count >= certainCount else {
      throw Mismatch(
        "Kafka keeps \(kept.count) records, of which \(durableCount) are durable, and its recovery "
          + "point was \(recoveryPoint)")
    }
  }

  /// All records of a log, in order.
  ///
  /// - Throws: ``Mismatch`` where an offset is not the one that is next, or what reading throws.
  public static func records(of log: Log) throws -> [Record] {
    var found: [Record] = []
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let record = records.next() {
        guard record.offset.rawValue == found.count else {
          throw Mismatch("offset \(record.offset) stands where \(found.count) is next")
        }
        found.append(Record(copying: record))
      }
    }
    return found
  }
}

extension ModelLog {
  /// Whether these are the first of all records.
  func compare(_ found: [Record]) throws(Mismatch) {
    let possible = records + uncertain
    guard found.count <= records.count || found.count == possible.count else {
      throw Mismatch(
        "\(found.count) records are there, and \(records.count) were appended: invented is "
          + found[records.count].summary)
    }
    for (offset, pair) in zip(found, possible).enumerated() where !pair.0.isFound(pair.1) {
      throw Mismatch(
        "offset \(offset) holds \(pair.0.summary), and \(pair.1.summary) was appended")
    }
  }
}

extension Record {
  /// Whether it is what another one, which was appended, has become.
  fileprivate func isFound(_ appended: Record) -> Bool {
    if appended.timestamp != nil { return self == appended }
    var appended = appended
    appended.timestamp = timestamp
    return self == appended
  }

  /// Enough to tell which one it is.
  package var summary: String {
    let key = key.map { String(decoding: $0, as: UTF8.self) } ?? "none"
    return "<\(key), \(value?.count ?? 0) bytes, \(timestamp ?? .none)>"
  }
}
