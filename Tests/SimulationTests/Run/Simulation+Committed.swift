import Varve
import VarveTesting

// What is known of producers, and what readers of committed records get.

extension Simulation {
  /// Compares all that a log knows of producers and of their transactions with what they have sent.
  func checkProducers(_ log: Log) throws {
    guard isProducersWhole(log), !producers.isEmpty || !log.producers.entries.isEmpty else {
      return
    }
    let (known, expected) = (known(by: log), producers.snapshot)
    try require(known == expected, "known of producers is \(known), and should be \(expected)")
    let stable = stableEnd
    try require(
      log.lastStableOffset == stable,
      "the log is stable up to \(log.lastStableOffset), and should be up to \(stable)")
    let found = try inPhase(.reading) { try committed(in: log) }
    let counting = counting(in: history.start..<stable)
    try require(found == counting, "read are \(found), and committed \(counting)")
    let aborted = try log.abortedTransactions(in: log.start..<log.end)
    let expectedAborted = producers.aborted.filter { $0.overlaps(log.start, upTo: log.end) }
    try require(
      aborted == expectedAborted, "aborted are \(aborted), and should be \(expectedAborted)")
    if stable < log.end { coverage.note(.stableBehindEnd) }
  }

  /// Whether a log has all that was appended to it: not where a failed sync has taken some back.
  private func isProducersWhole(_ log: Log) -> Bool {
    log.end == history.end && history.uncertainCut == nil
  }

  private func known(by log: Log) -> [ProducerSnapshotEntry] {
    log.producers.entries.map { entry in
      var entry = entry
      entry.timestamp = .none
      return entry
    }
  }

  private var stableEnd: Offset {
    max(history.start, min(history.end, producers.firstUnstable ?? history.end))
  }

  /// The offsets of stable records that count.
  private func counting(in offsets: Range<Offset>) -> [Offset] {
    let uncounted = producers.uncounted(before: offsets.upperBound)
    return offsets.all.filter { !uncounted.contains($0) }
  }

  private func committed(in log: Log) throws -> [Offset] {
    var found: [Offset] = []
    var scan = try log.scan(from: .earliest, isolation: .lastStable)
    while let batch = try scan.next() {
      let header = batch.header
      found += (header.baseOffset..<header.nextOffset).all.filter { $0 >= log.start }
    }
    return found
  }
}

// MARK: Slices

extension Simulation {
  /// Takes a slice from somewhere, and leaves out of it what a consumer of Kafka's leaves out.
  func readCommitted(seed: UInt64) throws {
    let log = try openIfNeeded()
    try checkProducers(log)
    var random = SplitMix(seed: seed)
    let byteCount = random.number(below: settings.segmentByteCount)
    guard isProducersWhole(log), let offset = offset(in: log, using: &random),
      offset < stableEnd
    else { return }
    let slice = try inPhase(.reading) {
      try ZeroCopyReader(log).slice(
        from: .offset(offset), maximumByteCount: byteCount, isolation: .lastStable)
    }
    guard let slice, slice.offsets.contains(offset), slice.offsets.upperBound <= stableEnd else {
      throw SimulationFailure("no slice holds \(offset), which is stable: \(slice as Any)")
    }
    let (found, counting) = (try consumed(slice), counting(in: slice.offsets))
    try require(found == counting, "a consumer gets \(found), and committed are \(counting)")
    if !slice.abortedTransactions.isEmpty { coverage.note(.sliceWithAborted) }
  }

  /// The offsets that a consumer passes on.
  private func consumed(_ slice: LogSlice) throws -> [Offset] {
    var filter = ConsumerFilter(slice.abortedTransactions)
    var rest = try bytes(of: slice)[...]
    var found: [Offset] = []
    while !rest.isEmpty {
      let length = rest.dropFirst(8).prefix(4).reduce(0) { $0 << 8 | Int($1) }
      let batch = try RecordBatch(validating: Array(rest.prefix(12 + length)), as: .log)
      rest = rest.dropFirst(12 + length)
      let header = batch.header
      if try filter.passes(batch) { found += (header.baseOffset..<header.nextOffset).all }
    }
    return found
  }
}

/// What a consumer of Kafka's does with the list of aborted transactions that comes with a fetch.
private struct ConsumerFilter {
  private var rest: ArraySlice<AbortedTransaction>
  private var aborted: Set<Int64> = []

  init(_ transactions: [AbortedTransaction]) {
    rest = transactions.sorted { $0.firstOffset < $1.firstOffset }[...]
  }

  mutating func passes(_ batch: RecordBatch) throws -> Bool {
    let header = batch.header
    while let next = rest.first, next.firstOffset <= header.lastOffset {
      aborted.insert(next.producerID)
      rest.removeFirst()
    }
    guard let producer = header.producer else { return true }
    if header.isControl {
      let marker = try batch.records().first { _ in true }.flatMap {
        try EndTransactionMarker($0.view)
      }
      if marker?.outcome == .aborted { aborted.remove(producer.id) }
      return false
    }
    return !header.isTransactional || !aborted.contains(producer.id)
  }
}

extension Range<Offset> {
  fileprivate var all: [Offset] {
    (lowerBound.rawValue..<upperBound.rawValue).map { Offset(rawValue: $0) }
  }
}

// MARK: Lives

extension Simulation {
  /// Goes on with what is left of producers' batches after an opening.
  func followProducers(_ log: Log, after crash: Crash?) {
    let wasOpen = producers.open
    if let crash, !wasOpen.isEmpty { coverage.note(crash == .kill ? .openAtKill : .openAtCut) }
    producers.follow(history, recalledFrom: log.segments[0].baseOffset, after: crash)
    guard crash != nil else { return }
    let isOpen = producers.open
    if !isOpen.isDisjoint(with: wasOpen) { coverage.note(.openOverCrash) }
    if !isOpen.isSubset(of: wasOpen) { coverage.note(.markerLost) }
    if !wasOpen.isSubset(of: isOpen) { coverage.note(.transactionLost) }
    if producers.aborted.contains(where: { $0.lastOffset >= history.start }) {
      coverage.note(.abortedOverCrash)
    }
  }

  /// Compares the transaction index that a segment must have, if it must have one.
  func checkTransactionIndex(_ stem: SegmentStem, _ segment: Segment) throws -> Bool {
    let expected = producers.aborted.filter {
      $0.lastOffset >= segment.baseOffset && $0.lastOffset < segment.endOffset
    }
    guard !expected.isEmpty else { return false }
    coverage.note(.transactionIndexClosed)
    try require(
      try contents(of: stem.transactionIndex) == expected.flatMap(\.encoded),
      "\(stem.transactionIndex) is wrong")
    return true
  }
}
