import Testing
import Varve

/// The records of all batches that are not compressed.
@Suite struct RecordTests {
  @Test(arguments: PartitionID.described)
  func borrowedRecordsAreWhatKafkaRead(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    var seen = 0
    var differences: [String] = []
    try partition.forEachBatch { batch in
      guard batch.header.codec == .none else { return }
      var lines = try partition.recordsOfBatch[batch.header.baseOffset.rawValue].required()
      let records = try batch.records
      #expect(records.count == lines.count)
      try records.forEach { record in
        differences += try lines.popFirst().required().differences(from: record)
        seen += 1
      }
      #expect(lines.isEmpty)
    }
    #expect(differences == [])
    #expect(seen == (try partition.counts.plainRecords))
    #expect(seen == partition.records.count { $0.codec == "none" })
  }

  @Test(arguments: PartitionID.described)
  func ownedRecordsAreWhatKafkaRead(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    var seen = 0
    var differences: [String] = []
    try partition.forEachBatch { batch in
      guard batch.header.codec == .none else { return }
      let owned = try RecordBatch(validating: batch.bytes, as: .log)
      var lines = try partition.recordsOfBatch[batch.header.baseOffset.rawValue].required()
      for record in try owned.records() {
        differences += try lines.popFirst().required().differences(from: record.view)
        seen += 1
      }
      #expect(lines.isEmpty)
    }
    #expect(differences == [])
    #expect(seen == (try partition.counts.plainRecords))
  }

  /// Not yet: their headers are read, their checksums hold, and their records are refused.
  @Test(arguments: PartitionID.allCases)
  func compressedRecordsAreRefused(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    var seen = 0
    try partition.forEachBatch { batch in
      guard batch.header.codec != .none else { return }
      seen += 1
      do throws(LogError) {
        _ = try batch.records
        Issue.record("\(batch.header.codec) was read")
      } catch {
        #expect(error.code == .unsupported)
        #expect(error.message.contains(batch.header.codec.description))
      }
      let owned = try RecordBatch(validating: batch.bytes, as: .log)
      #expect { _ = try owned.records() } throws: { ($0 as? LogError)?.code == .unsupported }
    }
    let counts = try partition.counts
    #expect(seen == counts.batches - counts.plainBatches)
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
