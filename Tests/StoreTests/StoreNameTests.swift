import Testing

@testable import Varve

/// What the names in a store's directory, and the lines of its checkpoints, are taken for.
@Suite struct StoreNameTests {
  private func partition(_ name: String) throws -> TopicPartition {
    try #require(TopicPartition(parsing: name))
  }

  @Test func eachDirectoryIsOneThing() throws {
    let unique = String(repeating: "0a", count: 16)
    let listing = StoreListing(directories: [
      "orders-10", "orders-9", "a.b-c-0", "__cluster_metadata-0", "remote-log-index-cache",
      "orders-1.\(unique)-delete", "orders-2.\(unique)-future", "orders-3.\(unique)-stray",
      "lost+found", "orders", "orders-", "-1", "orders-01", "__consumer_offsets-0",
    ])
    #expect(
      listing.partitions
        == (try ["__consumer_offsets-0", "a.b-c-0", "orders-9", "orders-10"].map(partition)))
    #expect(listing.doomed == ["orders-1.\(unique)-delete"])
    #expect(
      listing.setAside == ["orders-2.\(unique)-future", "orders-3.\(unique)-stray"])
    #expect(listing.kafkas == ["__cluster_metadata-0", "remote-log-index-cache"])
    #expect(listing.unknown == ["-1", "lost+found", "orders", "orders-", "orders-01"])
  }

  @Test func linesOfOthersStay() throws {
    var offsets = StoreOffsets()
    offsets.read(
      OffsetCheckpoint([
        PartitionOffset(partition: try partition("gone-1"), offset: 7),
        PartitionOffset(partition: try partition("orders-0"), offset: 8),
      ]), from: .recoveryPoints)
    offsets.read(
      OffsetCheckpoint([PartitionOffset(partition: try partition("orders-0"), offset: 3)]),
      from: .logStartOffsets)
    offsets.note([
      try partition("orders-0"): StoreOffsets.Facts(
        recoveryPoint: 9, start: nil, highWatermark: 12, cleanedBelow: nil)
    ])
    func text(_ name: CheckpointName) -> String {
      String(decoding: offsets.checkpoint(name).encoded, as: UTF8.self)
    }
    #expect(text(.recoveryPoints) == "0\n2\ngone 1 7\norders 0 9\n")
    // A log that starts where its first segment does has no line, whatever was said of it before.
    #expect(text(.logStartOffsets) == "0\n0\n")
    #expect(text(.highWatermarks) == "0\n1\norders 0 12\n")
    #expect(text(.cleanerOffsets) == "0\n0\n")
    #expect(offsets[.recoveryPoints, try partition("gone-1")] == 7)

    let gone = try partition("gone-1")
    let (first, second) = (offsets.forget(gone), offsets.forget(gone))
    #expect(first && !second)
    #expect(text(.recoveryPoints) == "0\n1\norders 0 9\n")
  }
}
