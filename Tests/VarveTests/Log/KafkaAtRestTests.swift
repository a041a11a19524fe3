import Foundation
import Testing
import VarveSystem

@testable import Varve

/// What a closed log looks like to Kafka: the rules of its index files, and the size of everything.
@Suite struct KafkaAtRestTests {
  private func expectRest(
    of directory: String, interval: Int, segmentByteCount: Int
  ) throws {
    let disk = LogOnDisk(directory: directory)
    var names = [LogFileNames.sideFile]
    var next: Offset = 0
    let segments = try disk.segments
    for (number, segment) in segments.enumerated() {
      names += [SegmentFileName.Kind.log, .offsetIndex, .timeIndex].map {
        SegmentFileName(segment.baseOffset, $0).description
      }
      #expect(segment.log.count <= segmentByteCount)
      #expect(segment.baseOffset == next)
      let batches = try segment.batches
      for batch in batches {
        #expect(batch.header.baseOffset == next)
        next = batch.header.nextOffset
      }
      // Nothing behind the last batch.
      let end = batches.last.map { $0.position + $0.header.byteCount } ?? 0
      #expect(segment.log.count == end)
      #expect(!batches.isEmpty || number == segments.count - 1)

      let expected = try segment.expectedIndexes(interval: interval)
      #expect(segment.offsetIndex == expected.offsets)
      #expect(segment.timeIndex == expected.times)
    }
    // What is known of producers, where each segment but the first begins, and where the log ends.
    for offset in Set(segments.map(\.baseOffset) + [next]) where offset > 0 {
      names.append(SegmentFileName(offset, .producerSnapshot).description)
      let snapshot = try ProducerFiles.snapshot(at: offset, in: directory, PosixFileSystem())
      #expect(snapshot == ProducerSnapshot())
    }
    #expect(try disk.names == names.sorted())
  }

  @Test(arguments: Place.all, [0, 1, 500, 4096, 100_000])
  func filesAreExact(_ place: Place, _ interval: Int) async throws {
    try await place.withDirectory { directory in
      var configuration = place.configuration(segmentByteCount: 32 << 10)
      configuration.indexIntervalByteCount = interval
      for round in 0..<3 {
        let log = try await Log.open(
          at: directory, configuration: configuration, environment: .unsynced)
        for number in 0..<300 * round {
          try log.append(
            Record(
              key: "k", value: [UInt8](repeating: 1, count: number * 31 % 700),
              timestamp: .at(Int64(number * 7919 % 10_000) - 1)))
        }
        try await log.close()
        try expectRest(of: directory, interval: interval, segmentByteCount: 32 << 10)
      }
    }
  }

  /// After a kill and another opening there is nothing to be seen of it.
  @Test(arguments: Place.all)
  func filesAreExactAfterAKill(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let configuration = place.configuration(segmentByteCount: 16 << 10)
      for round in 0..<4 {
        let world = ManualWorld()
        let log = try world.open(directory, configuration)
        for number in 0..<200 {
          try log.append(
            Record(
              value: [UInt8](repeating: 1, count: number), timestamp: .at(Int64(number * 13 % 999)))
          )
          if number % 40 < round { world.settle() }
        }
      }
      let log = try await Log.open(
        at: directory, configuration: configuration, environment: .unsynced)
      try await log.close()
      try expectRest(of: directory, interval: 4096, segmentByteCount: 16 << 10)
    }
  }

  @Test(arguments: Place.all)
  func anIndexThatIsFull(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      var configuration = place.configuration()
      configuration.indexByteCount = 36
      configuration.indexIntervalByteCount = 100
      let log = try world.open(directory, configuration)
      for number in 0..<60 {
        try log.append(Record(value: "some text to make it long", timestamp: .at(Int64(number))))
        world.settle()
      }
      try log.closeNow()
      try expectRest(
        of: directory, interval: 100, segmentByteCount: configuration.segmentByteCount)
      for segment in try LogOnDisk(directory: directory).segments {
        // Two entries, and behind them the one for which room was kept.
        #expect((segment.timeIndex?.count ?? 0) <= 36)
        #expect((segment.offsetIndex?.count ?? 0) <= 36)
      }
    }
  }

  @Test(arguments: Place.all)
  func anEmptyLogIsSmall(_ place: Place) async throws {
    try await place.withDirectory { directory in
      var configuration = LogConfiguration()
      configuration.tailWriter = place.writer
      for _ in 0..<2 {
        let log = try await Log.open(
          at: directory, configuration: configuration, environment: .unsynced)
        try await log.close()
        #expect(try LogOnDisk(directory: directory).allocatedByteCount <= 64 << 10)
      }
      try expectRest(
        of: directory, interval: 4096, segmentByteCount: configuration.segmentByteCount)
    }
  }

  /// A gigabyte may be a segment, and is not what a log takes to which little is written.
  @Test(arguments: Place.all)
  func littleTrafficTakesLittleSpace(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let log = try world.open(directory, place.configuration(segmentByteCount: 1 << 30))
      let disk = LogOnDisk(directory: directory)
      for _ in 0..<50 {
        try log.append(Record(value: "a record now and then"))
        world.pass(milliseconds: 500)
        let taken = try disk.allocatedByteCount
        #expect(taken <= 3 << 20)
      }
      // It is put to rest when nothing has come for a while.
      world.pass(milliseconds: 30_000)
      #expect(try disk.allocatedByteCount <= 64 << 10)
      #expect(try SegmentOnDisk(directory, 0).log.count == log.byteCount)
      try log.append(Record(value: "once more"))
      #expect(log.end == 51)
      try log.closeNow()
      #expect(try disk.allocatedByteCount <= 64 << 10)
      try expectRest(of: directory, interval: 4096, segmentByteCount: 1 << 30)
    }
  }
}
