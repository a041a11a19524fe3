import Testing
import Varve

/// The records of all batches, in each codec that is built in.
@Suite struct RecordTests {
  @Test(arguments: PartitionID.described)
  func borrowedRecordsAreWhatKafkaRead(_ id: PartitionID) throws {
    var comparison = RecordComparison(try PartitionFixture.load(id))
    try comparison.partition.forEachReadableBatch { batch in
      var lines = try comparison.lines(of: batch)
      let records = try batch.records
      #expect(records.count == lines.count)
      try records.forEach { try comparison.compare($0, with: lines.popFirst()) }
      #expect(lines.isEmpty)
    }
    try comparison.expectAll()
  }

  @Test(arguments: PartitionID.described)
  func ownedRecordsAreWhatKafkaRead(_ id: PartitionID) throws {
    var comparison = RecordComparison(try PartitionFixture.load(id))
    try comparison.partition.forEachReadableBatch { batch in
      let owned = try RecordBatch(validating: batch.bytes, as: .log)
      var lines = try comparison.lines(of: batch)
      for record in try owned.records() {
        try comparison.compare(record.view, with: lines.popFirst())
      }
      #expect(lines.isEmpty)
    }
    try comparison.expectAll()
  }

  /// One decompressor for all batches of a partition, whatever their codecs.
  @Test(arguments: PartitionID.described)
  func decompressedRecordsAreWhatKafkaRead(_ id: PartitionID) throws {
    var comparison = RecordComparison(try PartitionFixture.load(id))
    var decompressor = Decompressor()
    try comparison.partition.forEachReadableBatch { batch in
      var lines = try comparison.lines(of: batch)
      try decompressor.records(of: batch).forEach {
        try comparison.compare($0, with: lines.popFirst())
      }
      #expect(lines.isEmpty)
    }
    try comparison.expectAll()
  }

  /// A codec that is not built in: headers are read, checksums hold, and records are refused.
  @Test(arguments: PartitionID.allCases)
  func recordsOfAnAbsentCodecAreRefused(_ id: PartitionID) throws {
    try PartitionFixture.load(id).forEachBatch { batch in
      let codec = batch.header.codec
      guard !codec.isBuiltIn else { return }
      do throws(LogError) {
        _ = try batch.records
        Issue.record("\(codec) was read")
      } catch {
        #expect(error.code == .unsupported)
        #expect(error.message.contains(codec.description))
      }
      let owned = try RecordBatch(validating: batch.bytes, as: .log)
      #expect { _ = try owned.records() } throws: { ($0 as? LogError)?.code == .unsupported }
    }
  }

  /// The log of Kafka's controllers begins with the choice of a leader and with who may vote, all
  /// in one control batch.
  @Test(arguments: [PartitionID.cleanMetadata, .killedMetadata])
  func theMetadataLogBeginsWithALeader(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    var types: [ControlRecordType] = []
    var seen = 0
    try partition.forEachBatch { batch in
      try batch.records.forEach { record in
        seen += 1
        if batch.header.isControl { types.append(try ControlRecordType(of: record)) }
      }
    }
    #expect(types == [.leaderChange, .kraftVersion, .kraftVoters])
    #expect(seen == (try partition.counts.plainRecords))
  }

  /// Kafka's metadata snapshots hold batches too, between a header and a footer.
  @Test(arguments: [
    "broker-clean/__cluster_metadata-0/\(DirectoryListing.metadataSnapshot)",
    "broker-killed/__cluster_metadata-0/\(DirectoryListing.metadataSnapshot)",
    "broker-clean/bootstrap.checkpoint", "broker-killed/bootstrap.checkpoint",
  ])
  func metadataSnapshotsAreBatches(_ path: String) throws {
    let bytes = try FixtureArchive.bytes(path)
    let (batches, tail) = try SegmentFixture.walk(bytes)
    #expect(tail == 0)
    // Nothing had been decided when the broker's own snapshot was taken; the one that it was
    // formatted with has a batch between the two.
    #expect(batches.count == (path.contains("bootstrap") ? 3 : 2))
    var types: [ControlRecordType] = []
    for batch in batches {
      let view = try BatchView(
        validating: bytes.span.bytes.extracting(batch.range), as: .log)
      guard view.header.isControl else { continue }
      try view.records.forEach { types.append(try ControlRecordType(of: $0)) }
    }
    #expect(types.first == .snapshotHeader)
    #expect(types.last == .snapshotFooter)
  }
}
