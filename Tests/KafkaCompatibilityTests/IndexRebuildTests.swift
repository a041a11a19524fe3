import Testing
import Varve

@Suite struct IndexRebuildTests {
  /// Partitions whose indexes were written batch by batch, and how many bytes apart.
  static let intervals: [(PartitionID, Int)] = [
    (.plain, 1024), (.mixed, 4096), (.compacted, 1024), (.cleanMetadata, 4096),
    (.cleanConsumerOffsets, 4096), (.cleanTransactionState, 4096), (.cleanOrders, 4096),
    (.cleanPayments, 4096),
  ]

  @Test(arguments: intervals)
  func rebuiltIndexesAreTheSame(_ id: PartitionID, _ interval: Int) throws {
    for segment in try PartitionFixture.load(id).segments {
      let rebuilt = try IndexRebuild(of: segment, interval: interval)
      #expect(rebuilt.offsetIndex == segment.offsetIndex)
      #expect(rebuilt.timeIndex == segment.timeIndex)
    }
  }
}
