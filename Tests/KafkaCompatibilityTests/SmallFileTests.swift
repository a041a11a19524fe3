import Testing
import Varve

/// The texts that Kafka wrote beside its logs.
@Suite struct SmallFileTests {
  private static let brokers = DirectoryListing.brokers.keys.sorted()

  private func bytes(_ folder: String, _ name: CheckpointName) throws -> [UInt8] {
    try FixtureArchive.bytes("\(folder)/\(name.rawValue)")
  }

  // MARK: Of partitions

  @Test(arguments: PartitionID.allCases)
  func leaderEpochs(_ id: PartitionID) throws {
    let bytes = try bytes(id.rawValue, .leaderEpochs)
    let checkpoint = try LeaderEpochCheckpoint(parsing: bytes.span.bytes)
    #expect(checkpoint.encoded == bytes)
    guard let summary = try PartitionFixture.load(id).summary else {
      return #expect(checkpoint.entries == [LeaderEpochStart(epoch: 1, startOffset: 0)])
    }
    #expect(
      checkpoint.entries
        == summary.leaderEpochs.map {
          LeaderEpochStart(
            epoch: LeaderEpoch(rawValue: $0.epoch), startOffset: Offset(rawValue: $0.startOffset))
        })
  }

  @Test(arguments: PartitionID.allCases)
  func partitionMetadata(_ id: PartitionID) throws {
    let bytes = try bytes(id.rawValue, .partitionMetadata)
    let metadata = try PartitionMetadata(parsing: bytes.span.bytes)
    #expect(metadata.encoded == bytes)
    #expect(id.isMetadata == (metadata.topicID == .metadataTopic))
  }

  /// A topic has one id, whichever copy of its broker is looked at.
  @Test func theTopicIsTheSameInBothCopies() throws {
    let ids = try [PartitionID.cleanOrders, .killedOrders, .cleanPayments, .killedPayments].map {
      let bytes = try bytes($0.rawValue, .partitionMetadata)
      return try PartitionMetadata(parsing: bytes.span.bytes).topicID
    }
    #expect(ids[0] == ids[1] && ids[2] == ids[3] && ids[0] != ids[2])
    #expect(ids[0].description == "CAS4pcAjRIaV1qIe58mwhg")
  }

  // MARK: Of a log directory

  private static let checkpoints: [CheckpointName] = [
    .recoveryPoints, .logStartOffsets, .highWatermarks, .cleanerOffsets,
  ]

  /// Some are empty files, which are as good as those that say that they are.
  @Test(arguments: brokers, checkpoints)
  func checkpointsAreTheSameAgain(_ broker: String, _ name: CheckpointName) throws {
    let bytes = try bytes(broker, name)
    let checkpoint = try OffsetCheckpoint(parsing: bytes.span.bytes)
    #expect(checkpoint.encoded == (bytes.isEmpty ? Array("0\n0\n".utf8) : bytes))
    #expect(checkpoint.offsets.count == checkpoint.entries.count)
  }

  /// After a clean stop all is on the device and replicated.
  @Test(arguments: [CheckpointName.recoveryPoints, .highWatermarks])
  func afterACleanStopTheyAreTheEnds(_ name: CheckpointName) throws {
    let bytes = try bytes("broker-clean", name)
    let offsets = try OffsetCheckpoint(parsing: bytes.span.bytes).offsets
    let partitions = PartitionID.described.filter { $0.rawValue.hasPrefix("broker-clean/") }
    #expect(offsets.count == partitions.count)
    for id in partitions {
      let partition = try TopicPartition(parsing: id.rawValue.dropFirst("broker-clean/".count))
        .required()
      #expect(
        offsets[partition]?.rawValue
          == (try PartitionFixture.load(id).summary.required().logEndOffset))
    }
  }

  /// Sat Nov 21 04:50:44 2026, as it stands there.
  private static let writtenAt = Timestamp(milliseconds: 1_795_236_644_000)

  @Test(arguments: brokers)
  func metaProperties(_ broker: String) throws {
    let bytes = try bytes(broker, .metaProperties)
    let properties = try MetaProperties(parsing: bytes.span.bytes)
    #expect(properties.version == .kraft && properties.nodeID == 1)
    #expect(properties.clusterID == "AAAAAAAAQACAAAAAAAAAAA")
    #expect(properties.directoryID?.description == "iDFaTo2qQ-2-mbQLjyNxww")
    #expect(properties.others.properties.isEmpty)
    #expect(properties.encoded(writtenAt: Self.writtenAt) == bytes)
  }

  @Test func cleanShutdown() throws {
    let bytes = try bytes("broker-clean", .cleanShutdown)
    let marker = CleanShutdownMarker(parsing: bytes.span.bytes)
    #expect(marker == CleanShutdownMarker(brokerEpoch: 14))
    #expect(marker.encoded == bytes)
  }
}
