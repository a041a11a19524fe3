import Testing
import VarveSystem

@testable import Varve

/// Every way to append, and that what is read is what was appended.
@Suite struct AppendFormTests {
  private func bytes(_ count: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(truncatingIfNeeded: count % 251), count: count)
  }

  /// Null, empty, small, and to either side of the size up to which records are encoded in place.
  private var parts: [[UInt8]?] {
    [nil, [], bytes(1), bytes(63), bytes(64), bytes(8191), bytes(16 << 10), bytes(40_000)]
  }

  @Test(arguments: Place.all)
  func singleRecords(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(), environment: .unsynced)
      var expected: [StoredRecord] = []
      for key in parts {
        for value in parts where (key?.count ?? 0) + (value?.count ?? 0) < 60_000 {
          let record = Record(key: key, value: value, timestamp: .at(Int64(expected.count)))
          let receipt = try log.append(record)
          #expect(receipt.timestamp == record.timestamp)
          #expect(receipt.lastOffset == receipt.baseOffset)
          expected.append(StoredRecord(receipt.offset, record))
        }
      }
      #expect(try log.stored() == expected)
      for each in expected { #expect(try await log.record(at: each.offset) == each.record) }
      try await log.close()
    }
  }

  /// At each size around the boundary between the two ways of encoding, the batch is the same as
  /// one that was built.
  @Test(arguments: Place.all)
  func bothWaysOfEncodingMakeTheSameBytes(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: 4 << 20),
        environment: .unsynced)
      let sizes = stride(
        from: LogLimits.inPlaceByteCount - 80, through: LogLimits.inPlaceByteCount - 60, by: 1)
      for count in sizes {
        try log.append(Record(key: "k", value: bytes(count), timestamp: .at(5)))
      }
      try await log.close()
      let found = try SegmentOnDisk(directory, 0)
      var expected: [UInt8] = []
      for (number, count) in sizes.enumerated() {
        var batch = try RecordBatch.of([Record(key: "k", value: bytes(count), timestamp: .at(5))])
        try batch.stamp(BatchStamp(baseOffset: Offset(rawValue: Int64(number))))
        expected += batch.array
      }
      #expect(found.log == expected)
    }
  }

  @Test(arguments: Place.all)
  func spansHeadersAndMany(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let log = try world.open(directory, place.configuration())
      let (key, value) = (bytes(5), bytes(50))
      var receipt = try log.append(key: key.span.bytes, value: value.span.bytes, timestamp: .at(9))
      #expect(receipt.offset == 0 && receipt.timestamp == .at(9))
      receipt = try log.append(key: nil, value: value.span.bytes)
      #expect(receipt.timestamp == world.now)
      receipt = try log.append(key: key.span.bytes, value: nil)
      #expect(receipt.offset == 2)

      let headed = Record(
        key: key, value: nil,
        headers: [
          RecordHeader(key: "a", value: "1"), RecordHeader(key: "a", value: nil),
          RecordHeader(key: "", value: []),
        ], timestamp: .at(11))
      receipt = try log.append(headed)
      #expect(receipt.baseOffset == 3 && receipt.nextOffset == 4)

      let many = (0..<100).map { number in
        Record(value: "\(number)", timestamp: .at(Int64(1000 - number)))
      }
      receipt = try log.append(many)
      #expect(receipt.baseOffset == 4 && receipt.lastOffset == 103 && receipt.nextOffset == 104)
      #expect(receipt.timestamp == .at(1000))
      #expect(log.end == 104)

      let found = try log.stored()
      #expect(found[0] == StoredRecord(0, Record(key: key, value: value, timestamp: .at(9))))
      #expect(found[1] == StoredRecord(1, Record(value: value, timestamp: world.now)))
      #expect(found[2] == StoredRecord(2, Record(key: key, value: nil, timestamp: world.now)))
      #expect(found[3] == StoredRecord(3, headed))
      #expect(found[4...].map(\.record) == many)
      #expect(found.map(\.offset) == (0..<104).map { Offset(rawValue: $0) })
      #expect(try log.headers().count == 5)
      try log.closeNow()
    }
  }

  /// What the log writes into a batch is its offset and epoch, and nothing else.
  @Test(arguments: Place.all)
  func builtAndProducedBatches(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(), environment: .unsynced)
      let records = (0..<7).map { Record(key: "\($0)", value: "v", timestamp: .at(Int64($0))) }
      let batch = try RecordBatch.of(records)
      try log.append(Record(value: "first", timestamp: .at(1)))
      let built = try log.append(batch)
      #expect(built.baseOffset == 1 && built.nextOffset == 8 && built.timestamp == .at(6))
      let wire = batch.array
      let produced = try log.append(producedBatch: wire.span.bytes)
      #expect(produced.baseOffset == 8 && produced.nextOffset == 15)

      // A batch that was at another place before.
      var options = BatchOptions()
      options.baseOffset = 1000
      let moved = try log.append(RecordBatch.of(records, options))
      #expect(moved.baseOffset == 15)
      let found = try log.stored()
      #expect(found.map(\.offset) == (0..<22).map { Offset(rawValue: $0) })
      #expect(found[1...].map(\.record) == records + records + records)
      try await log.close()

      let segment = try SegmentOnDisk(directory, 0)
      for stored in try segment.batches.dropFirst() {
        let end = stored.position + stored.header.byteCount
        // Everything from the checksum on is as it was.
        #expect(segment.log[stored.position + 16..<end] == wire[16...])
        #expect(stored.header.leaderEpoch == .none)
      }
    }
  }

  /// The largest batch that there may be, which fills its segment alone.
  @Test(arguments: Place.all)
  func batchesOfASegmentsSize(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try await Log.open(
        at: directory, configuration: place.configuration(segmentByteCount: 64 << 10),
        environment: .unsynced)
      let overhead = FormatLimits.batchHeaderByteCount + 11
      let record = Record(value: bytes((64 << 10) - overhead), timestamp: .at(3))
      for number: Int64 in 0..<4 {
        #expect(try log.append(record).offset == Offset(rawValue: number))
      }
      #expect(log.segments.map(\.byteCount) == [65536, 65536, 65536, 65536])
      #expect(try log.stored().map(\.record) == [record, record, record, record])
      let refused = error { try log.append(Record(value: bytes((64 << 10) - overhead + 1))) }
      #expect(refused?.code == .invalidArgument)
      #expect(log.end == 4)
      try await log.close()
    }
  }
}
