import Testing

@testable import Varve

@Suite struct AppendAndReadTests {
  @Test(arguments: Place.all)
  func whatIsAppendedIsReadAgainAcrossRollsAndReopening(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let records = (0..<3000).map { number in
        Record(
          key: "key-\(number % 17)",
          value: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number % 300),
          timestamp: Timestamp(milliseconds: Int64(1_000_000 + number)))
      }
      let log = try await Log.open(
        at: directory, configuration: place.configuration(), environment: .unsynced)
      for (number, record) in records.enumerated() {
        let receipt = try log.append(record)
        #expect(receipt.offset == Offset(rawValue: Int64(number)))
        #expect(receipt.nextOffset == log.end)
      }
      #expect(log.segments.count > 5)
      try expect(log, holds: records)
      try await log.close()

      let again = try await Log.open(
        at: directory, configuration: place.configuration(), environment: .unsynced)
      #expect(again.end == Offset(rawValue: 3000))
      try expect(again, holds: records)
      try again.append(Record(value: "one more"))
      #expect(try await again.record(at: 3000)?.value == Array("one more".utf8))
      try await again.close()
    }
  }

  func expect(_ log: Log, holds records: [Record]) throws {
    var found: [Record] = []
    try read(log) { found.append($0) }
    #expect(found == records)
  }

  func read(_ log: Log, _ body: (Record) -> Void) throws {
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() {
      var records = try batch.records.makeIterator()
      while let record = records.next() { body(Record(copying: record)) }
    }
  }

  @Test(arguments: Place.all)
  func aTailGetsWhatComes(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(), environment: .unsynced)
      let reader = Task {
        var offsets: [Offset] = []
        for try await batch in log.tail(from: .earliest) {
          for record in try batch.records() { offsets.append(record.offset) }
        }
        return offsets
      }
      for number in 0..<2000 {
        try log.append(Record(value: "record number \(number), with some text to fill the segment"))
        if number % 100 == 0 { await Task.yield() }
      }
      try await log.close()
      let offsets = try await reader.value
      #expect(offsets == (0..<2000).map { Offset(rawValue: Int64($0)) })
    }
  }
}
