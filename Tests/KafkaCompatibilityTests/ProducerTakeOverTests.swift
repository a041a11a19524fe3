import Foundation
import Testing
import Varve

/// Producers and transactions of directories that Kafka wrote, as a log of ours knows them.
@Suite struct ProducerTakeOverTests {
  /// Those whose producers Kafka still knew when it described them.
  private static let remembered = PartitionID.described.filter {
    ![.cleanOrders, .killedOrders, .killedPayments].contains($0)
  }

  private func open(_ directory: String) throws -> Log {
    var configuration = LogConfiguration()
    // What was written long ago is the newest that there is.
    configuration.producerExpiration = .seconds(1 << 40)
    return try Log.open(at: directory, configuration: configuration)
  }

  private func producers(_ log: Log) -> [ProducerSnapshotEntry] { log.producers.entries }

  /// Opened as Kafka left it, then as we leave it, closed and not.
  @Test(arguments: remembered)
  func producersAreThoseOfTheSummary(_ id: PartitionID) throws {
    let summary = try PartitionFixture.load(id).summary.required()
    let expected = summary.activeProducers.map(\.entry).sorted { $0.producer.id < $1.producer.id }
    try id.withCopy { directory in
      for round in 0..<3 {
        let log = try open(directory)
        #expect(producers(log) == expected, "round \(round)")
        if round != 1 { try log.close() }
      }
    }
  }

  @Test(arguments: PartitionID.described)
  func whatIsStableAndWhatWasAbortedIsThatOfTheSummary(_ id: PartitionID) throws {
    let summary = try PartitionFixture.load(id).summary.required()
    try id.withCopy { directory in
      for round in 0..<3 {
        let log = try open(directory)
        #expect(log.lastStableOffset.rawValue == summary.lastStableOffset, "round \(round)")
        let found = try log.abortedTransactions(in: 0..<log.end)
        #expect(found == summary.abortedTxns.map(\.entry), "round \(round)")
        if round != 1 { try log.close() }
      }
    }
  }

  /// By the rule alone: a transactional record counts if the next marker of its producer says so.
  private func committed(_ id: PartitionID) throws -> [Int64] {
    let fixture = try PartitionFixture.load(id)
    let stable = try fixture.summary.required().lastStableOffset
    var outcomes: [Int64: String] = [:]
    var found: [Int64] = []
    for record in fixture.records.reversed() {
      if let control = record.control {
        outcomes[record.producerId] = control
      } else if record.offset < stable,
        !record.transactional || outcomes[record.producerId] == "COMMIT"
      {
        found.append(record.offset)
      }
    }
    return found.reversed()
  }

  /// As a scan of the log has them.
  private func committed(_ log: Log) throws -> [Int64] {
    var found: [Int64] = []
    var scan = try log.scan(from: .earliest, isolation: .lastStable)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let record = records.next() { found.append(record.offset.rawValue) }
    }
    return found
  }

  @Test(arguments: PartitionID.described)
  func committedRecordsAreReadAndNoOthers(_ id: PartitionID) throws {
    let expected = try committed(id)
    try id.withCopy { directory in
      let log = try open(directory)
      #expect(try committed(log) == expected)
      try log.close()
    }
  }

  /// Without its snapshots, what is known of producers is what the batches say.
  @Test(arguments: remembered.filter { $0 != .compacted })
  func snapshotsCanBeDoneWithout(_ id: PartitionID) throws {
    let summary = try PartitionFixture.load(id).summary.required()
    let expected = summary.activeProducers.map(\.entry).sorted { $0.producer.id < $1.producer.id }
    try id.withCopy { directory in
      for name in try FileManager.default.contentsOfDirectory(atPath: directory)
      where name.hasSuffix(".snapshot") || name.hasSuffix(".txnindex") {
        try FileManager.default.removeItem(atPath: directory + "/" + name)
      }
      let log = try open(directory)
      #expect(producers(log) == expected)
      let found = try log.abortedTransactions(in: 0..<log.end)
      #expect(found == summary.abortedTxns.map(\.entry))
      try log.close()
    }
  }

  /// What somebody did to a transaction index.
  enum Harm: CaseIterable {
    case emptied, cutBehindTheFirst, cutWithin, longer

    func apply(to bytes: [UInt8]) -> [UInt8] {
      switch self {
      case .emptied: []
      case .cutBehindTheFirst: Array(bytes.prefix(AbortedTransaction.byteCount))
      case .cutWithin: Array(bytes.dropLast(10))
      case .longer: bytes + [UInt8](repeating: 1, count: 10)
      }
    }
  }

  /// What a transaction index does not say, the batches say.
  @Test(arguments: [PartitionID.plain, .mixed, .compacted], Harm.allCases)
  func transactionIndexesAreCompleted(_ id: PartitionID, _ harm: Harm) throws {
    let summary = try PartitionFixture.load(id).summary.required()
    let expected = try committed(id)
    try id.withCopy { directory in
      for name in try FileManager.default.contentsOfDirectory(atPath: directory)
      where name.hasSuffix(".txnindex") {
        let url = URL(filePath: directory + "/" + name)
        try Data(harm.apply(to: Array(try Data(contentsOf: url)))).write(to: url)
      }
      for _ in 0..<2 {
        let log = try open(directory)
        let found = try log.abortedTransactions(in: 0..<log.end)
        let entries = summary.abortedTxns.map(\.entry)
        // Of a transaction of which compaction has taken some, the batches know what is left.
        if id != .compacted { #expect(found == entries) }
        #expect(found.map(\.lastOffset) == entries.map(\.lastOffset))
        #expect(found.map(\.producerID) == entries.map(\.producerID))
        #expect(try committed(log) == expected)
        try log.close()
      }
    }
  }
}
