import Foundation
import Testing

@testable import Varve

/// What Kafka's cleaner was given, given to ours: what is kept is the same.
///
/// Kafka compacted up to offset 1227, twice, so that tombstones went, too.
@Suite struct CompactedFixtureTests {
  private static let end: Offset = 1227

  @Test(.enabled(if: CompressionCodec.allCases.allSatisfy(\.isBuiltIn)))
  func whatKafkaKeptIsKept() throws {
    let input = try ExpectedRecord.read("compacted-0.input.jsonl")
    try withDirectory { directory in
      try write(input.filter { $0.offset < Self.end.rawValue }, to: directory)
      try write(input.filter { $0.offset >= Self.end.rawValue }, to: directory)
      let log = try Log.open(at: directory)
      for round in 1...2 {
        let now = Timestamp(milliseconds: 1_800_000_000_000 + Int64(round))
        log.cleaning.withLock { $0.cleanedBelow = 0 }
        let report = try log.compactNow(
          CleanerPlan.Compaction(below: Self.end, deleteRetention: .zero), now: now)
        #expect(report?.end == Self.end)
      }
      try compare(log, with: try ExpectedRecord.read("compacted-0.records.jsonl"))
      try log.close()
    }
  }

  /// Record for record, and batch for batch.
  private func compare(_ log: Log, with kept: [ExpectedRecord]) throws {
    var lines = kept.filter { $0.offset < Self.end.rawValue }[...]
    var differences: [String] = []
    var batches: [Range<Offset>] = []
    var scan = try log.scan(from: .earliest, until: Self.end)
    while let batch = try scan.next() {
      batches.append(batch.header.offsets)
      var records = try batch.records.makeIterator()
      while let record = records.next() {
        let line = try lines.popFirst().required()
        differences += try line.differences(from: record) + line.differences(from: batch.header)
      }
    }
    #expect(differences == [])
    #expect(lines.isEmpty)
    let theirs = try PartitionFixture.load(.compacted).segments[0].batches.map(\.header.offsets)
    #expect(batches == theirs)
  }

  /// Writes a segment of these records, in the batches in which they were.
  private func write(_ records: [ExpectedRecord], to directory: String) throws {
    var bytes: [UInt8] = []
    var rest = records[...]
    while let first = rest.first {
      let batch = rest.prefix { $0.batchBaseOffset == first.batchBaseOffset }
      rest = rest.dropFirst(batch.count)
      bytes += try Array(RecordBatch(lines: Array(batch)).bytes)
    }
    let base = Offset(rawValue: try records.first.required().batchBaseOffset)
    try Data(bytes).write(
      to: URL(filePath: directory + "/" + SegmentFileName(base, .log).description))
  }

  private func withDirectory(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "varve-compacted-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.appending(path: "log")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try body(directory.path)
  }
}

extension RecordBatch {
  /// The batch that these records were read from.
  fileprivate init(lines: [ExpectedRecord]) throws {
    let first = lines[0]
    var options = BatchOptions()
    options.baseOffset = Offset(rawValue: first.batchBaseOffset)
    options.lastOffset = Offset(rawValue: first.batchLastOffset)
    options.leaderEpoch = LeaderEpoch(rawValue: first.leaderEpoch)
    options.isControl = first.control != nil
    options.isTransactional = first.transactional
    if first.timestampType == "LogAppendTime" {
      options.appendTime = Timestamp(milliseconds: first.timestamp)
    }
    if first.producerId >= 0 {
      options.producer = Producer(id: first.producerId, epoch: first.producerEpoch)
      options.baseSequence =
        first.sequence < 0
        ? .none
        : SequenceNumber(rawValue: first.sequence)
          .advanced(by: Int32(first.batchBaseOffset - first.offset))
    }
    var builder = try RecordBatchBuilder(options)
    for line in lines {
      try builder.append(line.record, offset: Offset(rawValue: line.offset))
    }
    let codec = try CompressionCodec.allCases.first { $0.description == first.codec }.required()
    var compressor = try Compressor(try Compression(codec))
    self = try builder.finish(compressedBy: &compressor).required()
  }
}

extension ExpectedRecord {
  fileprivate var record: Record {
    Record(
      key: key.map(Hex.bytes), value: value.map(Hex.bytes),
      headers: headers.map { RecordHeader(key: $0[0] ?? "null", value: $0[1].map(Hex.bytes)) },
      timestamp: Timestamp(milliseconds: timestamp))
  }
}
