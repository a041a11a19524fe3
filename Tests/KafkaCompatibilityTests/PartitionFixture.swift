import Foundation
import Varve

/// A partition that Kafka wrote, and what Kafka's own reader said of it.
struct PartitionFixture: Sendable {
  let id: PartitionID
  let segments: [SegmentFixture]
  /// Empty for the metadata log.
  let records: [ExpectedRecord]
  /// The records by the base offsets of their batches.
  let recordsOfBatch: [Int64: ArraySlice<ExpectedRecord>]
  let summary: Summary?

  var counts: PartitionCounts { get throws { try PartitionCounts.expected[id].required() } }

  var batches: [SegmentFixture.Batch] { segments.flatMap(\.batches) }

  /// Reads a partition, once for all tests.
  static func load(_ id: PartitionID) throws -> PartitionFixture {
    try all.get()[id].required()
  }

  private static let all = Result {
    try Dictionary(
      uniqueKeysWithValues: PartitionID.allCases.map { ($0, try PartitionFixture($0)) })
  }

  private init(_ id: PartitionID) throws {
    self.id = id
    let listing = try DirectoryListing.partitions[id].required()
    segments = try listing.segments.map { try SegmentFixture($0, in: id.rawValue) }
    guard !id.isMetadata else {
      (records, recordsOfBatch, summary) = ([], [:], nil)
      return
    }
    records = try ExpectedRecord.read("\(id.jsonStem).records.jsonl")
    summary = try Summary.read("\(id.jsonStem).summary.json")
    var recordsOfBatch: [Int64: ArraySlice<ExpectedRecord>] = [:]
    var start = 0
    while start < records.count {
      let base = records[start].batchBaseOffset
      let end = records[start...].firstIndex { $0.batchBaseOffset != base } ?? records.count
      recordsOfBatch[base] = records[start..<end]
      start = end
    }
    self.recordsOfBatch = recordsOfBatch
  }

  /// Hands each batch to `body`, found right as a whole, and not copied.
  func forEachBatch(_ body: (borrowing BatchView) throws -> Void) throws {
    for segment in segments {
      for batch in segment.batches {
        let bytes = segment.log.span.bytes.extracting(batch.range)
        try body(BatchView(validating: bytes, as: .log))
      }
    }
  }
}

extension Optional {
  /// What must be there, or an error that makes the test fail.
  func required() throws -> Wrapped {
    guard let self else { throw FixtureError("no \(Wrapped.self)") }
    return self
  }
}
