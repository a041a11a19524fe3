import Foundation
import Testing
import VarveTesting

@testable import Varve

/// Directories that a broker left, clean and killed, opened as a store, written to, and handed back.
@Suite struct StoreInterchangeTests {
  private static let brokers = ["broker-clean", "broker-killed"]
  private static let names = [
    "__consumer_offsets-0", "__transaction_state-0", "orders-0", "payments-0",
  ]

  private func withBroker(_ name: String, _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "varve-store-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(at: try FixtureArchive.url(name), to: folder)
    try body(folder.path)
  }

  private func open(_ directory: String) throws -> LogStore { try LogStore.open(at: directory) }

  @Test(arguments: brokers)
  func openedReadWrittenAndHandedBack(_ broker: String) throws {
    try withBroker(broker) { directory in
      let properties = try Data(contentsOf: URL(filePath: directory + "/meta.properties"))
      let store = try open(directory)
      #expect(store.opening.wasClean == (broker == "broker-clean"))
      #expect(store.partitions.map(\.description) == Self.names)
      #expect(store.opening.failures.isEmpty)
      #expect(store.opening.foreignDirectories == ["__cluster_metadata-0"])
      #expect(store.opening.skippedDirectories.isEmpty)
      var ends: [TopicPartition: Offset] = [:]
      for partition in store.partitions {
        let log = try store[partition].required()
        try expectAsKafkaReadsIt(log, broker, partition)
        #expect(store.topicID(of: partition.topic) != nil)
        try log.append(Record(key: "k", value: "by Varve"))
        ends[partition] = log.end
      }
      try store.close()
      try expectKafkas(directory, ends)
      #expect(try Data(contentsOf: URL(filePath: directory + "/meta.properties")) == properties)
      #expect(FileManager.default.fileExists(atPath: directory + "/bootstrap.checkpoint"))

      // And once more, as what we left ourselves.
      let again = try open(directory)
      #expect(again.opening.wasClean && again.opening.recoveries.isEmpty)
      for (partition, end) in ends { #expect(again[partition]?.end == end) }
      try again.close()
      try expectKafkas(directory, ends)
    }
  }

  /// Record for record.
  private func expectAsKafkaReadsIt(
    _ log: Log, _ broker: String, _ partition: TopicPartition
  ) throws {
    var lines = try ExpectedRecord.read("\(broker).\(partition).records.jsonl")[...]
    var differences: [String] = []
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() {
      guard batch.header.codec.isBuiltIn else {
        lines = lines.drop { $0.batchBaseOffset == batch.header.baseOffset.rawValue }
        continue
      }
      var records = try batch.records.makeIterator()
      while let record = records.next() {
        let line = try lines.popFirst().required()
        differences += try line.differences(from: record) + line.differences(from: batch.header)
      }
    }
    #expect(differences == [])
    #expect(lines.isEmpty)
  }

  /// Kafka changes nothing, loses nothing, and is told the truth by each checkpoint.
  private func expectKafkas(_ directory: String, _ ends: [TopicPartition: Offset]) throws {
    let kafka = KafkaDirectory(directory)
    let points = try kafka.checkpoint(.recoveryPoints).offsets
    let marks = try kafka.checkpoint(.highWatermarks).offsets
    for (partition, end) in ends {
      let outcome = try kafka.load(partition)
      #expect(outcome.actions.isEmpty)
      #expect(outcome.logEndOffset == end && outcome.recoveryPoint == end)
      #expect(points[partition] == end && marks[partition] == end)
    }
  }
}
