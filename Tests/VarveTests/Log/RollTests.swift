import Testing
import VarveSystem

@testable import Varve

/// When a log goes on in a new segment, and that nothing else changes when it does.
@Suite struct RollTests {
  /// A value with which a batch without a key has so many bytes: the header, and a record with
  /// two-byte lengths.
  private func value(ofBatch byteCount: Int) -> [UInt8] {
    [UInt8](repeating: 7, count: byteCount - FormatLimits.batchHeaderByteCount - 9)
  }

  @Test(arguments: Place.all)
  func bytesRollOnlyWhenABatchDoesNotFit(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      // Exactly eight batches of 512 bytes fit.
      let log = try world.open(directory, place.configuration(segmentByteCount: 4096))
      for _ in 0..<24 {
        try log.append(Record(value: value(ofBatch: 512)))
        world.settle()
      }
      #expect(log.segments.map(\.byteCount) == [4096, 4096, 4096])
      #expect(log.segments.map(\.baseOffset) == [0, 8, 16])
      try log.append(Record(value: value(ofBatch: 512)))
      #expect(log.segments.map(\.endOffset) == [8, 16, 24, 25])
      try log.closeNow()
    }
  }

  @Test(arguments: Place.all)
  func aBatchOneByteTooLargeRolls(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let log = try world.open(directory, place.configuration(segmentByteCount: 4096))
      try log.append(Record(value: value(ofBatch: 3000)))
      world.settle()
      try log.append(Record(value: value(ofBatch: 1097)))
      #expect(log.segments.map(\.byteCount) == [3000, 1097])
      try log.closeNow()
    }
  }

  @Test(arguments: Place.all)
  func recordsOwnTimesRoll(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let observer = EventRecorder()
      var configuration = place.configuration()
      configuration.segmentAge = .seconds(10)
      configuration.observer = observer
      let log = try world.open(directory, configuration)
      // The last one of each row lies exactly ten seconds behind the first: that is not too old.
      let rows: [[Int64]] = [[5_000, 4_000, 9_999, 15_000], [15_001, 20_000, 25_001], [25_002]]
      for timestamp in rows.joined() {
        try log.append(Record(value: "x", timestamp: .at(timestamp)))
        world.settle()
      }
      #expect(log.segments.map(\.baseOffset) == [0, 4, 7])
      #expect(observer.rolls == [.age, .age])
      try log.closeNow()
    }
  }

  /// Without a time in the first record the wall clock decides.
  @Test(arguments: Place.all)
  func theWallClockRollsWhereRecordsHaveNoTimes(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      var configuration = place.configuration()
      configuration.segmentAge = .seconds(10)
      let log = try world.open(directory, configuration)
      try log.append(Record(value: "x", timestamp: Timestamp.none))
      world.pass(milliseconds: 10_000)
      try log.append(Record(value: "x", timestamp: .at(99_999_999)))
      #expect(log.segments.count == 1)
      world.pass(milliseconds: 200)
      try log.append(Record(value: "x", timestamp: Timestamp.none))
      #expect(log.segments.map(\.baseOffset) == [0, 2])
      try log.closeNow()
    }
  }

  @Test(arguments: Place.all)
  func jitterMakesSegmentsYounger(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld(random: 4_000)
      var configuration = place.configuration()
      configuration.segmentAge = .seconds(10)
      configuration.segmentAgeJitter = .seconds(5)
      let log = try world.open(directory, configuration)
      for timestamp: Int64 in [0, 6_000, 6_001] {
        try log.append(Record(value: "x", timestamp: .at(timestamp)))
        world.settle()
      }
      #expect(log.segments.map(\.baseOffset) == [0, 2])
      try log.closeNow()
    }
  }

  /// The offset index takes three entries, the time index two, of which one is kept: so each
  /// segment ends behind its first entry.
  @Test(arguments: Place.all)
  func aFullIndexRolls(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let observer = EventRecorder()
      var configuration = place.configuration()
      configuration.indexByteCount = 24
      configuration.indexIntervalByteCount = 1000
      configuration.observer = observer
      let log = try world.open(directory, configuration)
      for number in 0..<40 {
        try log.append(Record(value: value(ofBatch: 512), timestamp: .at(Int64(number))))
        world.settle()
      }
      // Batches at 0, 512, 1024: the third one gets the entry, and with it the index is full.
      #expect(log.segments.dropLast().allSatisfy { $0.byteCount == 1536 })
      #expect(log.segments.count == 14)
      #expect(observer.rolls == [RollReason](repeating: .index, count: 13))
      try log.closeNow()
    }
  }

  /// Nothing is appended, and the segment becomes old all the same.
  @Test(arguments: Place.all)
  func timeAloneRollsAnIdleLog(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let observer = EventRecorder()
      var configuration = place.configuration()
      configuration.segmentAge = .seconds(3600)
      configuration.observer = observer
      let log = try world.open(directory, configuration)
      try log.append(Record(value: "x"))
      world.settle()
      world.pass(milliseconds: 3_600_000)
      #expect(log.segments.count == 1)
      world.pass(milliseconds: 2_000)
      #expect(log.segments.map(\.endOffset) == [1, 1])
      #expect(observer.rolls == [.age])
      // An empty segment never becomes old.
      world.pass(milliseconds: 36_000_000)
      #expect(log.segments.count == 2)
      try log.append(Record(value: "y"))
      #expect(log.segments.map(\.endOffset) == [1, 2])
      #expect(try log.stored().map(\.offset) == [0, 1])
      try log.closeNow()
    }
  }

  /// The same where the segment was there when the log was opened, and nobody appends.
  @Test(arguments: Place.all)
  func timeAloneRollsALogThatWasOnlyOpened(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      var configuration = place.configuration()
      configuration.segmentAge = .seconds(3600)
      let log = try world.open(directory, configuration)
      try log.append(Record(value: "x"))
      try log.closeNow()
      let again = try world.open(directory, configuration)
      world.settle()
      world.pass(milliseconds: 3_602_000)
      #expect(again.segments.map(\.baseOffset) == [0, 1])
      try again.closeNow()
    }
  }

  @Test(arguments: Place.all)
  func offsetsAndTimesGoOnAcrossRolls(_ place: Place) async throws {
    try await place.withDirectory { directory in
      var configuration = place.configuration(segmentByteCount: 8 << 10)
      configuration.segmentAge = .seconds(20)
      let log = try await Log.open(
        at: directory, configuration: configuration, environment: .unsynced)
      var expected: [StoredRecord] = []
      for number in 0..<1000 {
        let record = Record(
          key: "k\(number)", value: [UInt8](repeating: 1, count: number * 37 % 900),
          timestamp: .at(Int64(number * 331 % 90_000)))
        let receipt = try log.append(record)
        #expect(receipt.offset == Offset(rawValue: Int64(number)))
        expected.append(StoredRecord(receipt.offset, record))
      }
      #expect(try log.stored() == expected)
      for (one, next) in zip(log.segments, log.segments.dropFirst()) {
        #expect(one.endOffset == next.baseOffset)
        #expect(one.byteCount <= 8 << 10)
      }
      #expect(log.segments.count > 60)
      #expect(log.byteCount == log.segments.reduce(0) { $0 + $1.byteCount })
      try await log.close()
    }
  }

  @Test(arguments: Place.all)
  func whoAsksForARollGetsAFullSegment(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let observer = EventRecorder()
      var configuration = place.configuration()
      configuration.observer = observer
      let log = try await Log.open(at: directory, configuration: configuration)
      for _ in 0..<3 { try log.append(Record(value: "x")) }
      #expect(try await log.roll() == 3)
      #expect(log.segments.map(\.endOffset) == [3, 3])
      // Nothing is in the new one, so that it is enough.
      #expect(try await log.roll() == 3)
      try log.append(Record(value: "x"))
      #expect(try await onThread { try log.roll() } == 4)
      #expect(log.segments.map(\.baseOffset) == [0, 3, 4])
      try await log.close()
      // Whoever delivers events at that moment delivers these too, and nobody waits for him but a close.
      #expect(observer.rolls == [.request, .request])
      await expectFailure(.closed) { try await log.roll() }
      let reader = try await Log.open(at: directory, mode: .readOnly)
      await expectFailure(.invalidArgument) { try await reader.roll() }
      #expect(reader.segments.map(\.baseOffset) == [0, 3, 4])
      try await reader.close()
    }
  }
}
