import Foundation
import Testing
import VarveSystem

@testable import Varve

/// Reading in order, from every place there is.
@Suite struct ScanTests {
  /// A log in three segments, of batches of one to five records.
  private func makeLog(_ world: ManualWorld, _ directory: String, _ place: Place) throws -> Log {
    let log = try world.open(directory, place.configuration(segmentByteCount: 4096))
    for number in 0..<60 {
      let records = (0...number % 5).map { part in
        Record(
          value: [UInt8](repeating: UInt8(number), count: 20 + part), timestamp: .at(Int64(number)))
      }
      try log.append(records)
      if number % 7 == 0 { world.settle() }
    }
    #expect(log.segments.count > 2)
    return log
  }

  @Test(arguments: Place.all)
  func fromEveryOffsetToEveryOther(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let log = try makeLog(world, directory, place)
      let headers = try log.headers()
      #expect(headers.map(\.baseOffset).first == 0 && headers.last?.nextOffset == log.end)
      for first in 0...log.end.rawValue {
        let first = Offset(rawValue: first)
        let expected = headers.filter { $0.nextOffset > first }
        #expect(try log.headers(from: .offset(first)) == expected, "from \(first)")
        for end in stride(from: 0, through: log.end.rawValue, by: 41) {
          let end = Offset(rawValue: end)
          #expect(
            try log.headers(from: .offset(first), until: end)
              == expected.filter { $0.baseOffset < end }, "\(first) until \(end)")
        }
      }
      try log.closeNow()
    }
  }

  @Test(arguments: Place.all)
  func namedPositions(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let log = try makeLog(world, directory, place)
      let all = try log.stored()
      let end = Int(log.end.rawValue)
      #expect(try log.stored(from: .earliest) == all)
      #expect(try log.stored(from: .latest).isEmpty)
      #expect(try log.stored(from: 0) == all)
      for count in [-1, 0, 1, 3, end - 1, end, end + 1, .max] {
        let from = Offset(rawValue: Int64(end - max(0, min(count, end))))
        let found = try log.stored(from: .last(count))
        #expect(found.filter { $0.offset >= from } == all.filter { $0.offset >= from })
        // What comes before belongs to the same batch.
        #expect(found.count < Int(log.end.rawValue - from.rawValue) + 5)
      }
      for time: Int64 in [-1, 0, 1, 30, 59] {
        let found = try log.stored(from: .timestamp(.at(time)))
        #expect(found == all.filter { ($0.record.timestamp ?? .none) >= .at(time) })
      }
      #expect(try log.stored(from: .timestamp(.at(60))).isEmpty)
      try log.closeNow()
    }
  }

  @Test(arguments: Place.all)
  func outsideOfTheLog(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      var options = BatchOptions()
      options.baseOffset = 40
      let batch = try RecordBatch.of([Record(value: "x", timestamp: .at(1))], options)
      try SegmentOnDisk.write([batch], base: 40, in: directory)
      let log = try world.open(directory, place.configuration())
      #expect(log.start == 40 && log.end == 41)
      for offset: Offset in [0, 39, -1] {
        #expect(error { try log.stored(from: .offset(offset)) }?.code == .trimmed)
        #expect(error { try log.recordNow(at: offset) }?.code == .trimmed)
      }
      for offset: Offset in [42, 1000, Offset(rawValue: .max)] {
        #expect(error { try log.stored(from: .offset(offset)) }?.code == .invalidArgument)
        #expect(error { try log.recordNow(at: offset) }?.code == .invalidArgument)
      }
      #expect(try log.recordNow(at: 41) == nil)
      #expect(try log.stored(from: .last(100)).map(\.offset) == [40])
      #expect(try log.stored(from: 40, until: 40).isEmpty)
      #expect(try log.stored(from: 40, until: 1000).map(\.offset) == [40])
      #expect(try log.append(Record(value: "y")).offset == 41)
      try log.closeNow()
    }
  }

  @Test(arguments: Place.all)
  func anEmptyLog(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let log = try ManualWorld().open(directory, place.configuration())
      #expect(log.start == 0 && log.end == 0)
      for position: LogPosition in [.earliest, .latest, 0, .last(5), .timestamp(.at(0))] {
        #expect(try log.stored(from: position).isEmpty)
      }
      #expect(try log.recordNow(at: 0) == nil)
      #expect(try log.firstNow(at: .at(0)) == nil)
      try log.closeNow()
    }
  }

  /// Holes within a batch, between batches and between segments, as compaction leaves them.
  @Test(arguments: Place.all)
  func gaps(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let segments: [(base: Int64, batches: [[Int64]])] = [
        (100, [[103, 104], [107], [110, 115, 119]]), (150, [[150], [170, 171]]), (200, [[260]]),
      ]
      var expected: [StoredRecord] = []
      for (base, batches) in segments {
        var built: [RecordBatch] = []
        for offsets in batches {
          var options = BatchOptions()
          options.baseOffset = Offset(rawValue: offsets[0] - 1)
          options.lastOffset = Offset(rawValue: (offsets.last ?? 0) + 1)
          var builder = try RecordBatchBuilder(options)
          for offset in offsets {
            let record = Record(value: "\(offset)", timestamp: .at(offset))
            try builder.append(record, offset: Offset(rawValue: offset))
            expected.append(StoredRecord(Offset(rawValue: offset), record))
          }
          if let batch = builder.finish() { built.append(batch) }
        }
        if base == 150 {
          // The first batch begins before its segment's base no more than another one does.
          built[0] = try RecordBatch.of(
            [Record(value: "150", timestamp: .at(150))], at(150))
        }
        try SegmentOnDisk.write(built, base: Offset(rawValue: base), in: directory)
      }
      let world = ManualWorld()
      let log = try world.open(directory, place.configuration())
      #expect(log.start == 100 && log.end == 262)
      #expect(try log.stored() == expected)
      for offset: Int64 in 100..<262 {
        let offset = Offset(rawValue: offset)
        let truth = expected.first { $0.offset == offset }?.record
        #expect(try log.recordNow(at: offset) == truth, "offset \(offset)")
        let next = try log.stored(from: .offset(offset)).first { $0.offset >= offset }
        #expect(next == expected.first { $0.offset >= offset }, "from \(offset)")
      }
      for time: Int64 in 90..<270 {
        let truth = expected.first { $0.offset.rawValue >= time }?.offset
        #expect(try log.firstNow(at: .at(time))?.offset == truth, "time \(time)")
      }
      try log.closeNow()
    }
  }

  private func at(_ offset: Int64) -> BatchOptions {
    var options = BatchOptions()
    options.baseOffset = Offset(rawValue: offset)
    return options
  }

  /// A scan ends where the log ended when it began, whatever is appended meanwhile.
  @Test(arguments: Place.all)
  func whileTheLogGrows(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let log = try world.open(directory, place.configuration(segmentByteCount: 4096))
      for _ in 0..<10 { try log.append(Record(value: "before")) }
      let seen = try scanWhileAppending(log, world)
      #expect(seen == (0..<10).map { Offset(rawValue: $0) })
      #expect(log.end == 510)
      try log.closeNow()
    }
  }

  private func scanWhileAppending(_ log: Log, _ world: ManualWorld) throws -> [Offset] {
    var seen: [Offset] = []
    var scan = try log.scan(from: .earliest)
    while let batch = try scan.next() {
      seen.append(batch.header.baseOffset)
      for _ in 0..<50 { try log.append(Record(value: "meanwhile, and long enough to roll")) }
      world.settle()
    }
    // It stays at its end.
    for _ in 0..<3 where try scan.next() != nil { seen.append(-1) }
    return seen
  }

  /// Batches that are larger than what is read at a time, among small ones.
  @Test(arguments: Place.all)
  func largeBatches(_ place: Place) async throws {
    try await place.withDirectory { directory in
      var configuration = place.configuration(segmentByteCount: 2 << 20)
      configuration.maximumBatchByteCount = 1 << 20
      let log = try await Log.open(
        at: directory, configuration: configuration, environment: .unsynced)
      let sizes = [
        10, LogLimits.readByteCount - 100, 5, LogLimits.readByteCount, 1,
        LogLimits.readByteCount * 2 + 1, 900_000, 3, LogLimits.lookupByteCount, 7,
      ]
      let records = (sizes + sizes).enumerated().map { number, size in
        Record(
          value: [UInt8](repeating: UInt8(number + 1), count: size), timestamp: .at(Int64(number)))
      }
      for record in records { try log.append(record) }
      #expect(try log.stored().map(\.record) == records)
      for (number, record) in records.enumerated() {
        let offset = Offset(rawValue: Int64(number))
        #expect(try log.recordNow(at: offset) == record)
        #expect(try log.firstNow(at: .at(Int64(number)))?.offset == offset)
        #expect(try log.stored(from: .offset(offset)).map(\.record) == Array(records[number...]))
      }
      try await log.close()
    }
  }

  @Test(arguments: Place.all)
  func borrowedRecords(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let log = try makeLog(world, directory, place)
      for each in try log.stored() {
        let copy = try log.borrowedNow(at: each.offset)
        #expect(copy == each.record)
        #expect(try await log.record(at: each.offset) == each.record)
      }
      try log.closeNow()
    }
  }

  /// Somebody cuts the file of an open log: that is an error, and not a wait without an end.
  @Test(arguments: Place.all)
  func afterSomebodyCutASegment(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let log = try makeLog(world, directory, place)
      world.settle()
      let path = SegmentPath(directory: directory, baseOffset: log.segments[1].baseOffset)
      let file = try OpenFile(path.log, .writing, in: PosixFileSystem())
      try file.truncate(to: log.segments[1].byteCount - 30)
      #expect(error { try log.stored() }?.code == .corrupt)
      let inLast = Offset(rawValue: log.segments[1].endOffset.rawValue - 1)
      #expect(error { try log.recordNow(at: inLast) }?.code == .corrupt)
      try log.closeNow()
    }
  }
}
