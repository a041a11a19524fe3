import Foundation
import Testing
import Varve

/// That the fixtures are there, all of them: a test of nothing must not pass.
@Suite struct FixtureTests {
  /// Folders and files of the archive, and the JSON next to them.
  @Test func theArchiveIsComplete() throws {
    let partitions = PartitionID.allCases.map(\.rawValue)
    #expect(DirectoryListing.partitions.count == partitions.count)
    #expect(PartitionCounts.expected.count == partitions.count)

    let json = PartitionID.described.flatMap { id in
      ["\(id.jsonStem).records.jsonl", "\(id.jsonStem).summary.json"]
    }
    let folders = PartitionID.queried.map(\.rawValue) + DirectoryListing.brokers.keys
    #expect(try names("") == Set(json + folders + ["compacted-0.input.jsonl"]))
    for (broker, listing) in DirectoryListing.brokers {
      let own = partitions.filter { $0.hasPrefix(broker + "/") }
        .map { String($0.dropFirst(broker.count + 1)) }
      #expect(own.count == 5)
      #expect(try names(broker) == listing.names.union(own))
    }
  }

  @Test(arguments: PartitionID.allCases)
  func aPartitionIsComplete(_ id: PartitionID) throws {
    let listing = try DirectoryListing.partitions[id].required()
    #expect(try names(id.rawValue) == listing.names)
  }

  /// The numbers that a script counted, and those that the other tests go by.
  @Test(arguments: PartitionID.allCases)
  func thereIsAsMuchAsThereWas(_ id: PartitionID) throws {
    let partition = try PartitionFixture.load(id)
    let headers = partition.batches.map(\.header)
    let plain = headers.filter { $0.codec == .none }
    func records(_ headers: [BatchHeader]) -> Int { headers.reduce(0) { $0 + Int($1.recordCount) } }
    let entries = partition.segments.reduce(into: (offset: 0, time: 0)) { sum, segment in
      sum.offset += segment.offsetIndexEntries.count / OffsetIndexEntry.byteCount
      sum.time += segment.timeIndexEntries.count / TimeIndexEntry.byteCount
    }
    let counted = PartitionCounts(
      batches: headers.count, records: records(headers), plainBatches: plain.count,
      plainRecords: records(plain), controlBatches: headers.count(where: \.isControl),
      deleteHorizons: headers.count { $0.deleteHorizon != nil },
      offsetEntries: entries.offset, timeEntries: entries.time)
    #expect(counted == (try partition.counts))
    if !id.isMetadata { #expect(partition.records.count == counted.records) }
    #expect(headers.count { $0.recordCount == 0 } == PartitionCounts.emptiedBatches)
  }

  private func names(_ folder: String) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: FixtureArchive.url(folder).path))
  }
}
