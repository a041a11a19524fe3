import Testing
import VarveSystem

@testable import Varve

/// What a log does not take, and that nothing has happened then.
@Suite struct LimitTests {
  /// Expects that `body` is refused, and that the log is as it was and takes the next record.
  private func expectRefusal(
    _ log: Log, _ code: LogError.Code, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
  ) throws {
    let (end, size) = (log.end, log.byteCount)
    #expect(error(body)?.code == code, sourceLocation: sourceLocation)
    #expect(log.end == end && log.byteCount == size, sourceLocation: sourceLocation)
    #expect(try log.append(Record(value: "next")).offset == end, sourceLocation: sourceLocation)
  }

  @Test(arguments: Place.all)
  func largeBatches(_ place: Place) async throws {
    try await place.withDirectory { directory in
      var configuration = place.configuration()
      configuration.maximumBatchByteCount = 1000
      let log = try ManualWorld().open(directory, configuration)
      let fits = [UInt8](repeating: 1, count: 1000 - FormatLimits.batchHeaderByteCount - 9)
      let large = fits + [1]
      try log.append(Record(value: fits))
      try log.append([Record(value: fits)])
      try log.append(RecordBatch.of([Record(value: fits)]))
      #expect(log.byteCount == 3000)
      try expectRefusal(log, .invalidArgument) { try log.append(Record(value: large)) }
      try expectRefusal(log, .invalidArgument) { try log.append([Record(value: large)]) }
      let built = try RecordBatch.of([Record(value: large)])
      try expectRefusal(log, .invalidArgument) { try log.append(built) }
      try expectRefusal(log, .invalidArgument) {
        try log.append(producedBatch: built.array.span.bytes)
      }
      // One that goes another way because of its size.
      let huge = [UInt8](repeating: 1, count: 100_000)
      try expectRefusal(log, .invalidArgument) { try log.append(Record(value: huge)) }
      try log.closeNow()
    }
  }

  /// The segment is the limit where it is smaller than the largest batch.
  @Test(arguments: Place.all)
  func batchesLargerThanASegment(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try ManualWorld().open(directory, place.configuration(segmentByteCount: 4096))
      let large = [UInt8](repeating: 1, count: 4096)
      try expectRefusal(log, .invalidArgument) { try log.append(Record(value: large)) }
      let many = (0..<100).map { _ in Record(value: [UInt8](repeating: 1, count: 50)) }
      try expectRefusal(log, .invalidArgument) { try log.append(many) }
      try log.closeNow()
    }
  }

  /// Kafka's window: further away than the limit is too far, and as far is not.
  @Test(arguments: Place.all)
  func timesOutsideTheWindow(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      var configuration = place.configuration()
      configuration.maximumTimestampAge = .seconds(60)
      configuration.maximumTimestampLead = .seconds(10)
      let log = try world.open(directory, configuration)
      let now = world.time.wallMilliseconds
      for distance: Int64 in [-60_000, 0, 10_000] {
        try log.append(Record(value: "x", timestamp: .at(now + distance)))
        try log.append(RecordBatch.of([Record(value: "x", timestamp: .at(now + distance))]))
      }
      for distance: Int64 in [-60_001, 10_001] {
        let record = Record(value: "x", timestamp: .at(now + distance))
        try expectRefusal(log, .invalidArgument) { try log.append(record) }
        try expectRefusal(log, .invalidArgument) { try log.append([Record(value: "y"), record]) }
        try expectRefusal(log, .invalidArgument) { try log.append(RecordBatch.of([record])) }
        let bytes = try RecordBatch.of([record]).array
        try expectRefusal(log, .invalidArgument) {
          try log.append(producedBatch: bytes.span.bytes)
        }
      }
      for timestamp: Int64 in [0, .max] {
        try expectRefusal(log, .invalidArgument) {
          try log.append(Record(value: "x", timestamp: .at(timestamp)))
        }
      }
      // No time is no wrong time.
      let receipt = try log.append(Record(value: "x", timestamp: Timestamp.none))
      #expect(receipt.timestamp == .none)
      try log.closeNow()
    }
  }

  /// An old record hides behind a new one of its batch: only the greatest time is in the header.
  @Test(arguments: Place.all)
  func anOldRecordAmongNewOnes(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      var configuration = place.configuration()
      configuration.maximumTimestampAge = .seconds(60)
      let log = try world.open(directory, configuration)
      let batch = try RecordBatch.of([
        Record(value: "new", timestamp: world.now),
        Record(value: "old", timestamp: .at(world.time.wallMilliseconds - 60_001)),
      ])
      try expectRefusal(log, .invalidArgument) { try log.append(batch) }
      try expectRefusal(log, .invalidArgument) {
        try log.append(producedBatch: batch.array.span.bytes)
      }
      try log.closeNow()
    }
  }

  @Test(arguments: Place.all)
  func timesThatNoRecordMayHave(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try ManualWorld().open(directory, place.configuration())
      for timestamp: Int64 in [-2, .min] {
        let record = Record(value: "x", timestamp: .at(timestamp))
        try expectRefusal(log, .invalidArgument) { try log.append(record) }
        try expectRefusal(log, .invalidArgument) { try log.append([record]) }
      }
      try log.closeNow()
    }
  }

  @Test(arguments: Place.all)
  func batchesOfOthers(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try ManualWorld().open(directory, place.configuration())
      let record = Record(value: "x", timestamp: .at(1))
      let fenced = Producer(id: 5, epoch: 0)
      try log.appendTransactionMarker(
        EndTransactionMarker(.committed, coordinatorEpoch: 0), of: Producer(id: 5, epoch: 1))
      let idempotent = try RecordBatch.of(
        [record], BatchOptions(producer: fenced, baseSequence: 0))
      try expectRefusal(log, .fenced) { try log.append(idempotent) }
      try expectRefusal(log, .fenced) {
        try log.append(producedBatch: idempotent.array.span.bytes)
      }

      var options = BatchOptions()
      options.isControl = true
      let control = try RecordBatch.of([Record(key: [0, 0, 0, 2], value: [])], options)
      try expectRefusal(log, .invalidArgument) { try log.append(control) }
      #expect(throws: LogError.self) { try log.append(producedBatch: control.array.span.bytes) }
      try expectRefusal(log, .invalidArgument) { try log.append([]) }
      try log.closeNow()
    }
  }

  /// Each bit of a producer's batch, turned: it is refused, or what is stored is that same batch.
  @Test(arguments: Place.all)
  func bytesThatAreNoBatch(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try ManualWorld().open(directory, place.configuration())
      let good = try RecordBatch.of([Record(key: "k", value: "v", timestamp: .at(1))]).array
      for bit in 0..<good.count * 8 {
        var bytes = good
        bytes[bit / 8] ^= 1 << (bit % 8)
        // The epoch is the log's to write, so what a producer says there does not matter.
        let isEpoch = (12..<16).contains(bit / 8)
        let refused = error { try log.append(producedBatch: bytes.span.bytes) }
        #expect((refused == nil) == isEpoch, "bit \(bit)")
      }
      for count in 0..<good.count {
        let cut = Array(good[..<count])
        #expect(throws: LogError.self) { try log.append(producedBatch: cut.span.bytes) }
      }
      let two = good + good
      #expect(throws: LogError.self) { try log.append(producedBatch: two.span.bytes) }
      #expect(log.end == 32)
      #expect(try log.headers().allSatisfy { $0.leaderEpoch == .none })
      try log.closeNow()
    }
  }

  /// All records get the log's time, the checksum with it, and readers see no other.
  @Test(arguments: Place.all)
  func appendTime(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      var configuration = place.configuration()
      configuration.timestampType = .appendTime
      configuration.maximumTimestampAge = .seconds(1)
      let log = try world.open(directory, configuration)
      let old = Record(value: "x", timestamp: .at(5))
      let large = Record(value: [UInt8](repeating: 1, count: 20_000), timestamp: .at(5))
      let batch = try RecordBatch.of([old, old])
      var times: [Timestamp] = []
      for round in 0..<3 {
        world.settle()
        let receipts = try [
          log.append(old), log.append(large), log.append([old, Record(value: "y")]),
          log.append(batch), log.append(producedBatch: batch.array.span.bytes),
        ]
        #expect(receipts.map(\.timestamp) == [Timestamp](repeating: world.now, count: 5))
        times += [Timestamp](repeating: world.now, count: 8)
        world.time.advance(milliseconds: Int64(round + 1) * 1000)
      }
      // The scan compares each batch with its checksum.
      #expect(try log.headers().allSatisfy { $0.timestampType == .appendTime })
      #expect(try log.stored().map(\.record.timestamp) == times)
      #expect(try log.firstNow(at: times[9])?.offset == 8)
      try log.closeNow()
      let again = try world.open(directory, configuration)
      #expect(try again.stored().map(\.record.timestamp) == times)
      try again.closeNow()
    }
  }
}
