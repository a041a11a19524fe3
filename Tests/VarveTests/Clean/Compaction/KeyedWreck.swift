import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A log on a simulated disk whose records have keys.
struct KeyedWreck {
  var wreck = Wreck()

  /// How many keys there are, 256 at the most.
  var keyCount: Int64 = 3

  var disk: SimulatedFileSystem { wreck.disk }

  func fork() -> KeyedWreck {
    var copy = self
    copy.wreck = wreck.fork()
    return copy
  }

  func open() throws -> Log { try wreck.open() }

  /// The record of an offset. Batches of one have the size of those without a key.
  func record(_ offset: Offset) -> Record {
    var record = Wreck.record(offset)
    record.key = [UInt8(ascii: "k"), UInt8(offset.rawValue % keyCount)]
    record.value?.removeLast(2)
    return record
  }

  func fill(_ log: Log, upTo end: Offset) throws {
    while log.end < end {
      try log.append(record(log.end))
      while log.runtime.step() {}
    }
  }

  /// A log that was closed, and is opened with segments so large that those which it has fit into one.
  mutating func makeSmallSegments(
    upTo end: Offset, segmentByteCount: Int = 64 << 10
  ) throws -> Log {
    let log = try open()
    try fill(log, upTo: end)
    try log.closeNow()
    wreck.configuration.segmentByteCount = segmentByteCount
    return try open()
  }

  /// What is left of the records before `end` when those below `below` have been compacted.
  func compacted(below: Offset, end: Offset) -> [StoredRecord] {
    let last = Dictionary(
      (0..<below.rawValue).map { ($0 % keyCount, $0) }, uniquingKeysWith: { max($0, $1) })
    return (0..<end.rawValue).filter { $0 >= below.rawValue || last.values.contains($0) }
      .map { StoredRecord(Offset(rawValue: $0), record(Offset(rawValue: $0))) }
  }

  func all(_ offsets: Range<Offset>) -> [StoredRecord] {
    offsets.map { StoredRecord($0, record($0)) }
  }

  /// The names of the log's files that Kafka knows.
  var names: [String] {
    disk.files(in: wreck.directory).keys.filter { SegmentFileName(parsing: $0) != nil }.sorted()
  }
}

extension Log {
  @discardableResult
  func compactNow(
    below: Offset, retention: Duration = .seconds(86_400),
    limits: CompactionLimits = CompactionLimits()
  ) throws -> CompactionReport? {
    try compactNow(
      CleanerPlan.Compaction(below: below, deleteRetention: retention),
      now: Timestamp(rawValue: environment.time.wallMilliseconds), limits: limits)
  }

  /// What a reader ends up with who takes each record that counts for the last word about its key.
  func table(from position: LogPosition = .earliest) throws -> [String: [UInt8]] {
    var table: [String: [UInt8]] = [:]
    var scan = try scan(from: position, isolation: .lastStable)
    while let batch = try scan.next() { try table.take(batch) }
    return table
  }
}

extension [String: [UInt8]] {
  mutating func take(_ batch: borrowing BatchView) throws {
    var records = try batch.records.makeIterator()
    while let record = records.next() {
      let copy = Record(copying: record)
      self[String(decoding: copy.key ?? [], as: UTF8.self)] = copy.value
    }
  }
}
