import Testing
import Varve

/// The snapshots of producers that Kafka wrote.
@Suite struct SnapshotTests {
  private struct Stored {
    let offset: Offset
    let bytes: [UInt8]

    func read() throws -> ProducerSnapshot { try ProducerSnapshot(parsing: bytes.span.bytes) }
  }

  /// The partition's snapshots, the newest last.
  private func snapshots(_ id: PartitionID) throws -> [Stored] {
    try DirectoryListing.partitions[id].required().snapshots.map { number in
      let offset = Offset(rawValue: number)
      let name = SegmentFileName(offset, .producerSnapshot)
      return Stored(
        offset: offset, bytes: try FixtureArchive.bytes("\(id.rawValue)/\(name)"))
    }
  }

  /// Counted by a script of its own, by the files' sizes.
  @Test func thereIsAsMuchAsThereWas() throws {
    let all = try PartitionID.allCases.flatMap { try snapshots($0) }
    #expect(all.count == 33)
    #expect(try all.reduce(0) { try $0 + $1.read().entries.count } == 157)
  }

  @Test(arguments: PartitionID.allCases)
  func snapshotsEncodeToTheSameBytes(_ id: PartitionID) throws {
    for snapshot in try snapshots(id) { #expect(try snapshot.read().encoded == snapshot.bytes) }
  }

  /// Those at the logs' ends. When the summary was written, the producers of `orders-0` had not been
  /// heard of for longer than Kafka remembers them.
  @Test(arguments: PartitionID.described)
  func theLastOneIsThatOfTheSummary(_ id: PartitionID) throws {
    let summary = try PartitionFixture.load(id).summary.required()
    guard let last = try snapshots(id).last, last.offset.rawValue == summary.logEndOffset else {
      return #expect(id.isKilled)
    }
    let entries = try last.read().entries.sorted { $0.producer.id < $1.producer.id }
    guard id != .cleanOrders else { return #expect(summary.activeProducers.isEmpty) }
    #expect(
      entries == summary.activeProducers.map(\.entry).sorted { $0.producer.id < $1.producer.id })
  }

  /// What a snapshot knows of a producer's last batch, the batch itself says.
  @Test(arguments: PartitionID.described.filter { $0 != .compacted })
  func lastBatchesAreThoseOfTheLog(_ id: PartitionID) throws {
    let headers = try PartitionFixture.load(id).batches.map(\.header)
    for snapshot in try snapshots(id) {
      for entry in try snapshot.read().entries {
        guard let last = entry.lastBatch else { continue }
        let header = try headers.first { $0.lastOffset == last.lastOffset }.required()
        #expect(header.baseOffset == last.firstOffset)
        #expect(header.baseSequence == last.firstSequence)
        #expect(header.lastSequence == last.lastSequence)
        #expect(header.producer?.id == entry.producer.id)
        // There is none behind it that the snapshot covers.
        let later = headers.last { header in
          header.lastOffset < snapshot.offset && header.producer == entry.producer
            && !header.isControl
        }
        #expect(later?.lastOffset == last.lastOffset)
      }
    }
  }
}

extension Summary.ActiveProducer {
  var entry: ProducerSnapshotEntry {
    let batch = ProducerBatch(
      lastSequence: SequenceNumber(rawValue: lastSeq),
      lastOffset: Offset(rawValue: lastDataOffset), lastOffsetDelta: lastOffsetDelta)
    return ProducerSnapshotEntry(
      producer: Producer(id: producerId, epoch: producerEpoch),
      lastBatch: lastDataOffset < 0 ? nil : batch,
      timestamp: Timestamp(rawValue: lastTimestamp),
      coordinatorEpoch: coordinatorEpoch < 0 ? nil : coordinatorEpoch,
      transactionStart: currentTxnFirstOffset < 0
        ? nil : Offset(rawValue: currentTxnFirstOffset))
  }
}
