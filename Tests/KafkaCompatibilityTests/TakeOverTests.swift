import Testing
import Varve

/// A directory that Kafka wrote, taken over by a log of ours.
@Suite struct TakeOverTests {
  private func headers(_ log: Log) throws -> [BatchHeader] {
    var found: [BatchHeader] = []
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() { found.append(batch.header) }
    return found
  }

  private func open(_ directory: String) throws -> Log { try Log.open(at: directory) }

  @Test(arguments: [PartitionID.plain, .mixed, .compacted])
  func isWrittenOn(_ id: PartitionID) throws {
    var expected = try PartitionFixture.load(id).batches.map(\.header)
    try id.withCopy { directory in
      for round in 0..<3 {
        let log = try open(directory)
        #expect(log.recovery?.damage ?? [] == [])
        #expect(log.recovery?.cutByteCount ?? 0 == 0)
        #expect(try headers(log) == expected, "round \(round)")
        #expect(log.end == expected.last?.nextOffset)
        let receipt = try log.append(Record(key: "ours", value: "\(round)"))
        try log.flush()
        #expect(log.durableEnd == receipt.nextOffset)
        expected = try headers(log)
        #expect(expected.last?.baseOffset == receipt.offset)
        #expect(try log.record(at: receipt.offset)?.key == Array("ours".utf8))
        // Once left as a killed process leaves it.
        if round != 1 { try log.close() }
      }
    }
  }
}
