import Foundation
import Testing
import Varve

/// The names of files and directories.
@Suite struct NameTests {
  @Test(arguments: PartitionID.allCases)
  func filesOfAPartition(_ id: PartitionID) throws {
    let listing = try DirectoryListing.partitions[id].required()
    let expected = Set(listing.segmentFiles)
    var segmentFiles = 0
    for name in try names(id.rawValue) {
      let snapshot = MetadataSnapshotName(parsing: name)
      #expect((snapshot != nil) == (name == DirectoryListing.metadataSnapshot))
      if let snapshot { #expect(snapshot.description == name) }
      if let file = SegmentFileName(parsing: name) {
        segmentFiles += 1
        #expect(file.description == name)
        #expect(expected.contains(file))
      } else {
        #expect(listing.others.contains(name))
      }
      #expect(PartitionDirectoryName(parsing: name) == nil)
      #expect(TopicPartition(parsing: name) == nil)
    }
    #expect(segmentFiles == expected.count)
  }

  @Test(arguments: PartitionID.allCases)
  func directoriesOfPartitions(_ id: PartitionID) throws {
    let name = try id.rawValue.split(separator: "/").last.map(String.init).required()
    let partition = try TopicPartition(parsing: name).required()
    #expect(partition.description == name)
    #expect(partition.partition == 0)
    #expect(partition.topic + "-0" == name)
    let directory = try PartitionDirectoryName(parsing: name).required()
    #expect(directory == PartitionDirectoryName(partition))
    #expect(directory.description == name)
    #expect(directory.fate == nil)
    #expect(SegmentFileName(parsing: name) == nil)
    #expect(MetadataSnapshotName(parsing: name) == nil)
  }

  /// What lies next to partitions is taken neither for one nor for a part of one.
  @Test(arguments: DirectoryListing.brokers.keys.sorted())
  func filesOfABroker(_ broker: String) throws {
    for name in try DirectoryListing.brokers[broker].required().others + [".lock"] {
      #expect(PartitionDirectoryName(parsing: name) == nil)
      #expect(SegmentFileName(parsing: name) == nil)
      #expect(MetadataSnapshotName(parsing: name) == nil)
    }
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: FixtureArchive.url(folder).path)
  }
}
