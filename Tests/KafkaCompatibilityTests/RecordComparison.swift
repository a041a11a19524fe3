import Testing
import Varve

/// A partition's records beside what Kafka's reader saw of them.
struct RecordComparison {
  let partition: PartitionFixture
  private var seen = 0
  private var differences: [String] = []

  init(_ partition: PartitionFixture) { self.partition = partition }

  /// What Kafka's reader saw in a batch.
  func lines(of batch: borrowing BatchView) throws -> ArraySlice<ExpectedRecord> {
    try partition.recordsOfBatch[batch.header.baseOffset.rawValue].required()
  }

  mutating func compare(_ record: borrowing RecordView, with line: ExpectedRecord?) throws {
    differences += try line.required().differences(from: record)
    seen += 1
  }

  /// All records of readable codecs have been compared, and were equal.
  func expectAll() throws {
    #expect(differences == [])
    let readable = Set(CompressionCodec.allCases.filter(\.isBuiltIn).map(\.description))
    #expect(seen == partition.records.count { readable.contains($0.codec) })
    let counts = try partition.counts
    #expect(seen >= counts.plainRecords)
    if readable.count == CompressionCodec.allCases.count { #expect(seen == counts.records) }
  }
}

extension PartitionFixture {
  /// Hands each batch to `body` that this build can look into.
  func forEachReadableBatch(_ body: (borrowing BatchView) throws -> Void) throws {
    try forEachBatch { batch in
      if batch.header.codec.isBuiltIn { try body(batch) }
    }
  }
}
