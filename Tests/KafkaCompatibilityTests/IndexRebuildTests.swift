import Testing
import Varve
import VarveTesting

/// Indexes written anew from the batches. The interval at which Kafka wrote them is the one that
/// their logs were configured with.
@Suite struct IndexRebuildTests {
  private static func interval(_ id: PartitionID) -> Int {
    switch id {
    case .plain, .compacted: 1024
    default: 4096
    }
  }

  @Test(arguments: PartitionID.allCases)
  func rebuiltIndexesAreTheSame(_ id: PartitionID) throws {
    let segments = try PartitionFixture.load(id).segments
    for segment in segments {
      let rebuilt = try KafkaIndexes(
        of: segment.log, baseOffset: segment.baseOffset, interval: Self.interval(id))
      #expect(rebuilt.offsets == segment.offsetIndexEntries)
      guard id.isKilled, segment.baseOffset == segments.last?.baseOffset else {
        #expect(rebuilt.offsets == segment.offsetIndex)
        #expect(rebuilt.times == segment.timeIndex)
        continue
      }
      // The greatest time is written when a segment comes to rest, which this one never did.
      let written = segment.timeIndexEntries
      #expect(rebuilt.times.starts(with: written))
      #expect(rebuilt.times.count <= written.count + TimeIndexEntry.byteCount)
    }
  }
}
