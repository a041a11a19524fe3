import Foundation
import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// Random histories with keys, tombstones, producers and transactions, compacted again and again: whoever
/// reads all of it sees the last value of each key, whenever he began.
@Suite struct CompactionModelTests {
  /// `make histories` tries as many as is wanted.
  private static var seeds: Range<UInt64> {
    let first = number("VARVE_FIRST_HISTORY") ?? 0
    return first..<first + (number("VARVE_HISTORIES") ?? 24)
  }

  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
  }

  /// It found that a deleted key came back, whose tombstone was taken for one of an aborted transaction.
  @Test func theHistoryThatFoundAFault() throws { try aHistory(780) }

  @Test(arguments: seeds)
  func aHistory(_ seed: UInt64) throws {
    var history = try KeyedHistory(seed: seed)
    for _ in 0..<120 { try history.step() }
    try history.finish()
    #expect(history.compactionCount > 0)
  }
}

/// A log, what was appended to it, and what happens to it next.
private struct KeyedHistory {
  private var wreck = Wreck()
  private var random: SplitMix
  private var log: Log
  /// All that was appended, by offset; and which of it is known not to count, or not known to count.
  private var records: [Offset: Record] = [:]
  private var uncommitted: Set<Offset> = []
  private var open: [Int64: [Offset]] = [:]
  private var sequences: [Int64: Int32] = [:]
  private(set) var compactionCount = 0
  private let outgrows: Bool

  init(seed: UInt64) throws {
    outgrows = seed % 4 == 3
    random = SplitMix(seed: seed)
    wreck.configuration.segmentByteCount = [4096, 8192, 20_000][Int(seed % 3)]
    wreck.configuration.indexIntervalByteCount = [0, 1000][Int(seed % 2)]
    log = try wreck.open()
  }

  private mutating func draw(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

  mutating func step() throws {
    switch draw(25) {
    case 0..<10: try append(producer: nil, isTransactional: false)
    case 10..<12: try append(producer: 9, isTransactional: false)
    case 12..<16: try append(producer: Int64(1 + draw(3)), isTransactional: true)
    case 16..<18: try endTransaction()
    case 18: wreck.clock.advance(byMilliseconds: Int64(draw(2000)))
    case 19..<22: try compact()
    case 24: try crashWhileCompacting()
    case 22: try reopen(cleanly: true)
    default: try reopen(cleanly: false)
    }
    while log.runtime.step() {}
  }

  // MARK: Appending

  private mutating func append(producer: Int64?, isTransactional: Bool) throws {
    var options = BatchOptions()
    let count = 1 + draw(4)
    if let producer {
      let sequence = sequences[producer, default: 0]
      options = BatchOptions(
        producer: Producer(id: producer, epoch: 0),
        baseSequence: SequenceNumber(rawValue: sequence), isTransactional: isTransactional)
      sequences[producer] = sequence + Int32(count)
    }
    var batch: [Record] = []
    for _ in 0..<count { batch.append(record()) }
    let built = try build(batch, options)
    let base = try log.append(built).baseOffset
    for (index, record) in batch.enumerated() {
      let offset = base.advanced(by: index)
      records[offset] = record
      if let producer, isTransactional {
        uncommitted.insert(offset)
        open[producer, default: []].append(offset)
      }
    }
  }

  private mutating func record() -> Record {
    let value = draw(5) == 0 ? nil : random.bytes(draw(200))
    return Record(
      key: Array("k\(draw(9))".utf8), value: value,
      headers: draw(4) == 0 ? [RecordHeader(key: "h", value: random.bytes(3))] : [],
      timestamp: .at(wreck.clock.wallMilliseconds + Int64(draw(100))))
  }

  private mutating func build(_ batch: [Record], _ options: BatchOptions) throws -> RecordBatch {
    var builder = try RecordBatchBuilder(options)
    for record in batch { try builder.append(record) }
    let codecs: [Compression] = [.none, .none, .lz4, .zstd]
    var compressor = try Compressor(codecs[draw(4)])
    return try #require(try builder.finish(compressedBy: &compressor))
  }

  private mutating func endTransaction() throws {
    guard let id = open.keys.sorted().first else { return }
    let producer = Producer(id: id, epoch: 0)
    let offsets = open.removeValue(forKey: id) ?? []
    if draw(2) == 0 {
      try log.commit(producer)
      uncommitted.subtract(offsets)
    } else {
      try log.abort(producer)
    }
  }

  // MARK: Compacting

  private mutating func compact() throws {
    // Whoever is on his way keeps on, and misses nothing that stays for a day.
    let isLong = draw(2) == 0
    let before = log.lastStableOffset
    var scan = try log.scan(from: .earliest, isolation: .lastStable)
    var table: [String: [UInt8]] = [:]
    for _ in 0..<draw(6) {
      guard let batch = try scan.next() else { break }
      try table.take(batch)
    }
    var limits = CompactionLimits()
    if draw(3) == 0 { limits.mapByteCount = 24 * 8 }
    // What is written outgrows its segment, as if it came out larger.
    if outgrows { limits.segmentByteCount = 500 + compactionCount * 397 % 2000 }
    let producers = log.producers
    if try log.compactNow(
      below: before, retention: isLong ? .seconds(86_400) : .milliseconds(draw(1500)),
      limits: limits) != nil
    {
      compactionCount += 1
    }
    #expect(log.producers == producers)
    if isLong {
      while let batch = try scan.next() { try table.take(batch) }
      #expect(table == expected(below: before))
    }
    try check()
  }

  /// The power goes, or the process, anywhere in a compaction.
  private mutating func crashWhileCompacting() throws {
    try log.flushNow()
    let (start, end, producers) = (log.start, log.end, log.producers)
    wreck.disk.stop(afterOperation: wreck.disk.mutationCount + draw(70))
    _ = error { try log.compactNow(below: log.lastStableOffset, retention: .zero) }
    wreck.disk.crash(draw(2) == 0 ? .kill : .power, seed: random.next())
    log = try wreck.open()
    #expect(log.recovery?.damage ?? [] == [])
    #expect(log.start..<log.end == start..<end)
    #expect(log.producers == producers)
    try check()
  }

  private mutating func reopen(cleanly: Bool) throws {
    let (start, end, producers) = (log.start, log.end, log.producers)
    let left = try log.stored()
    if cleanly { try log.closeNow() } else { wreck.disk.crash(.kill, seed: random.next()) }
    log = try wreck.open()
    #expect(log.recovery?.damage ?? [] == [])
    #expect(log.start..<log.end == start..<end)
    #expect(log.producers == producers)
    #expect(try log.stored() == left)
    try check()
  }

  mutating func finish() throws {
    while !open.isEmpty { try endTransaction() }
    // What is written to is not compacted, and of a short history that may be all.
    try log.rollNow(.request)
    try compact()
    try log.closeNow()
    log = try wreck.open()
    #expect(log.recovery == nil)
    try check()
    try log.closeNow()
  }

  // MARK: What is to be

  /// What is known of each key below an offset.
  private func expected(below end: Offset) -> [String: [UInt8]] {
    var table: [String: [UInt8]] = [:]
    for offset in records.keys.sorted() where offset < end && !uncommitted.contains(offset) {
      guard let record = records[offset] else { continue }
      table[String(decoding: record.key ?? [], as: UTF8.self)] = record.value
    }
    return table
  }

  private func check() throws {
    #expect(try log.table() == expected(below: log.lastStableOffset))
    var last: Offset = -1
    var scan = try log.scan(from: .earliest, isolation: .lastStable)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let record = records.next() {
        let (offset, copy) = (record.offset, Record(copying: record))
        #expect(offset > last && copy == self.records[offset])
        #expect(!uncommitted.contains(offset))
        last = offset
      }
    }
  }
}
