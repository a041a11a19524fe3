import Testing
import Varve

/// The headers of all batches, compressed ones too.
@Suite struct HeaderTests {
  /// Even of a broker that was killed: its logs were not preallocated, and their last batches are
  /// whole.
  @Test(arguments: PartitionID.allCases)
  func logsAreBatchesToTheLastByte(_ id: PartitionID) throws {
    for segment in try PartitionFixture.load(id).segments { #expect(segment.tail == 0) }
  }

  @Test(arguments: PartitionID.allCases)
  func everyBatchIsValid(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    var seen = 0
    try partition.forEachBatch { batch in
      seen += 1
      let owned = try RecordBatch(validating: batch.bytes, as: .log)
      #expect(owned.header == batch.header)
      #expect(owned.byteCount == batch.header.byteCount)
    }
    #expect(seen == (try partition.counts.batches))
  }

  /// One flipped bit anywhere behind the fields that a log stamps shows in the checksum.
  @Test(arguments: PartitionID.allCases)
  func everyChecksumCounts(_ id: PartitionID) throws {
    for segment in try PartitionFixture.load(id).segments {
      for batch in segment.batches {
        var bytes = Array(segment.log[batch.range])
        bytes[bytes.count - 1] ^= 1
        #expect {
          _ = try RecordBatch(validating: bytes, as: .log)
        } throws: {
          ($0 as? LogError)?.breach?.rule == .checksum
        }
      }
    }
  }

  @Test(arguments: PartitionID.described)
  func headersSayWhatKafkaReadThere(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    var lines = 0
    var differences: [String] = []
    for batch in partition.batches {
      let records = try partition.recordsOfBatch[batch.header.baseOffset.rawValue].required()
      lines += records.count
      #expect(records.count == Int(batch.header.recordCount))
      for record in records { differences += record.differences(from: batch.header) }
      let times = records.map(\.timestamp)
      #expect(times.max() == batch.header.maxTimestamp.rawValue)
    }
    #expect(differences == [])
    #expect(lines == partition.records.count)
    #expect(partition.recordsOfBatch.count == partition.batches.count)
  }

  @Test(arguments: PartitionID.described)
  func segmentsAreWhatKafkaSays(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    let summary = try partition.summary.required()
    let segments = partition.segments.map { segment in
      // Kafka opened the killed broker's log without recovering it, and took the zeros at the
      // end of the time index for a time.
      let isPreallocated = segment.timeIndex.count > segment.timeIndexEntries.count
      return Summary.Segment(
        baseOffset: segment.baseOffset.rawValue, size: segment.log.count,
        nextOffset: segment.nextOffset.rawValue,
        maxTimestamp: isPreallocated ? 0 : segment.maxTimestamp.rawValue)
    }
    #expect(segments == summary.segments)
    #expect(partition.batches.last?.header.nextOffset.rawValue == summary.logEndOffset)
    #expect(partition.segments.first?.baseOffset.rawValue == summary.logStartOffset)
  }

  @Test(arguments: PartitionID.described)
  func leaderEpochsBeginWhereKafkaSays(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    var epochs: [Summary.LeaderEpoch] = []
    for header in partition.batches.map(\.header)
    where header.leaderEpoch.rawValue > epochs.last?.epoch ?? -1 {
      // The first epoch begins where the log does, though compaction took its first batches.
      let start = epochs.isEmpty ? partition.segments[0].baseOffset : header.baseOffset
      epochs.append(
        Summary.LeaderEpoch(epoch: header.leaderEpoch.rawValue, startOffset: start.rawValue))
    }
    #expect(epochs == (try partition.summary.required().leaderEpochs))
  }

  /// Gaps between batches, in front of the first one too, by the JSON lines: followers leave them,
  /// and the cleaner. All others are leaders' logs.
  private static let gaps: [PartitionID: Int] = [.plain: 3, .mixed: 3, .compacted: 4]

  @Test(arguments: PartitionID.allCases)
  func theChainHolds(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    var chain = BatchChain(from: 0, continuity: .gapsAllowed)
    for batch in partition.batches { try chain.append(batch.header) }
    #expect(chain.nextOffset == partition.batches.last?.header.nextOffset)

    // A chain without gaps refuses the batch behind a gap, and no other.
    chain = BatchChain(from: 0, continuity: .contiguous)
    var gaps = 0
    for batch in partition.batches {
      do throws(LogError) {
        try chain.append(batch.header)
      } catch {
        #expect(error.breach?.rule == .offsetsAreContiguous)
        gaps += 1
        chain = BatchChain(
          from: batch.header.nextOffset, leaderEpoch: chain.leaderEpoch, continuity: .contiguous)
      }
    }
    #expect(gaps == (Self.gaps[id] ?? 0))
  }
}
