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
    guard found.count == distance(to: offset),
      offset >= min(durableEnd, uncertainCut?.end ?? durableEnd)
    else {
      throw Mismatch(
        "\(found.count) records are read, the log is durable up to \(durableEnd), and ends at "
          + "\(offset)")
    }
  }

  /// Throws unless Kafka, started with a directory that a crash has left, has kept what it must: what is
  /// durable, and what lies before its recovery point.
  ///
  /// - Parameters:
  ///   - kept: What it serves.
  ///   - foundStart: Where it was told that the log starts; nil for where it did.
  ///   - recoveryPoint: What it was told to believe.
  ///   - mayHaveHoles: Whether behind these something may be missing before other records, as where the
  ///     log's policy is not to sync its segments.
  public func expectKept(
    _ kept: [KafkaLoaderModel.ServedRecord], from foundStart: Offset? = nil,
    recoveryPoint: Offset = 0, mayHaveHoles: Bool = false
  ) throws(Mismatch) {
    let first = foundStart ?? start
    let kept = kept.filter { $0.offset >= first }
    guard first == start || uncertainStarts.contains(first) else {
      throw Mismatch("Kafka is told that the log starts at \(first), and it does at \(start)")
    }
    let certainCount = max(0, distance(to: max(durableEnd, recoveryPoint)) - distance(to: first))
    var whole = kept[...]
    if mayHaveHoles { whole = whole.prefix(certainCount) }
    for (number, served) in whole.enumerated() where served.offset != first.advanced(by: number) {
      throw Mismatch(
        "Kafka serves offset \(served.offset) where \(first.advanced(by: number)) is next")
    }
    try compare(whole.map(\.record), from: first)
    guard kept.count >= certainCount else {
      throw Mismatch(
        "Kafka keeps \(kept.count) records from \(first) on, the log is durable up to "
          + "\(durableEnd), and its recovery point was \(recoveryPoint)")
    }
  }

  /// All records of a log, in order.
  ///
  /// - Throws: ``Mismatch`` where an offset is not the one that is next, or what reading throws.
  public static func records(of log: Log) throws -> [Record] {
    let start = log.start
    var found: [Record] = []
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let record = records.next() {
        // Batches are read whole, and the first one may begin before the log's start.
        guard record.offset >= start else { continue }
        let next = start.advanced(by: found.count)
        guard record.offset == next else {
          throw Mismatch("offset \(record.offset) stands where \(next) is next")
        }
        found.append(Record(copying: record))
      }
    }
    return found
  }
}

extension ModelLog {
  /// Whether these are the first of all records from an offset on; nil for the log's start.
  func compare(_ found: [Record], from first: Offset? = nil) throws(Mismatch) {
    let first = first ?? start
    let known = records.dropFirst(distance(to: first))
    let possible = known + uncertain
    guard found.count <= known.count || found.count == possible.count else {
      throw Mismatch(
        "\(found.count) records are there, and \(known.count) were appended: invented is "
          + found[known.count].summary)
    }
    for (number, pair) in zip(found, possible).enumerated() where !pair.0.isFound(pair.1) {
      throw Mismatch(
        "offset \(first.advanced(by: number)) holds \(pair.0.summary), and \(pair.1.summary) was "
          + "appended")
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
