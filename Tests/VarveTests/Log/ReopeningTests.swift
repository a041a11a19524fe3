import Foundation
import Testing
import VarveSystem

@testable import Varve

/// A log that is opened again is the log that it was.
@Suite struct ReopeningTests {
  private func record(_ number: Int, byteCount: Int = 100) -> Record {
    Record(
      key: "key \(number)", value: [UInt8](repeating: UInt8(number & 127), count: byteCount),
      timestamp: .at(Int64(1_000_000 + number)))
  }

  /// Appends records and returns what is then expected.
  private func fill(
    _ log: Log, _ numbers: Range<Int>, byteCount: Int = 100
  ) throws -> [StoredRecord] {
    try numbers.map { number in
      let record = record(number, byteCount: byteCount)
      return StoredRecord(try log.append(record).offset, record)
    }
  }

  @Test(arguments: Place.all, [0, 1, 2, 500])
  func afterAClose(_ place: Place, _ count: Int) async throws {
    try await place.withDirectory { directory in
      let observer = EventRecorder()
      var configuration = place.configuration(segmentByteCount: 16 << 10)
      configuration.observer = observer
      var expected: [StoredRecord] = []
      for round in 0..<4 {
        let log = try await Log.open(
          at: directory, configuration: configuration, environment: .unsynced)
        #expect(log.end == Offset(rawValue: Int64(expected.count)))
        #expect(log.start == 0)
        #expect(try log.stored() == expected)
        expected += try fill(log, round * count..<(round + 1) * count)
        #expect(try log.stored() == expected)
        try await log.close()
      }
      #expect(
        !observer.all.contains { if case .recovered = $0 { true } else { false } })
      #expect(observer.wrongIndexes.isEmpty)
    }
  }

  /// A last segment that is exactly full: the next batch does not fit.
  @Test(arguments: Place.all)
  func atASegmentsBoundary(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let configuration = place.configuration(segmentByteCount: 4096)
      let value = [UInt8](repeating: 1, count: 512 - FormatLimits.batchHeaderByteCount - 9)
      var log = try await Log.open(
        at: directory, configuration: configuration, environment: .unsynced)
      for _ in 0..<16 { try log.append(Record(value: value)) }
      try await log.close()
      log = try await Log.open(
        at: directory, configuration: configuration, environment: .unsynced)
      #expect(log.segments.map(\.byteCount) == [4096, 4096])
      #expect(log.segments.map(\.endOffset) == [8, 16])
      #expect(try log.append(Record(value: value)).offset == 16)
      #expect(log.segments.map(\.byteCount) == [4096, 4096, 512])
      try await log.close()
      #expect(try LogOnDisk(directory: directory).segments.map(\.log.count) == [4096, 4096, 512])
    }
  }

  /// After a roll by time the last segment is empty, and its name says where the log goes on.
  @Test(arguments: Place.all)
  func withAnEmptyLastSegment(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      var configuration = place.configuration()
      configuration.segmentAge = .seconds(60)
      let log = try world.open(directory, configuration)
      let expected = try fill(log, 0..<3)
      world.settle()
      world.pass(milliseconds: 61_000)
      #expect(log.segments.count == 2)
      try log.closeNow()
      let again = try world.open(directory, configuration)
      #expect(again.end == 3)
      #expect(again.segments.map(\.baseOffset) == [0, 3])
      #expect(try again.stored() == expected)
      #expect(try again.append(record(3)).offset == 3)
      try again.closeNow()
    }
  }

  /// The process is gone, and maintenance had done what it does: a copy of the open directory.
  @Test(arguments: Place.all)
  func afterAKillInPeace(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let configuration = place.configuration(segmentByteCount: 16 << 10)
      let log = try world.open(directory, configuration)
      var expected: [StoredRecord] = []
      for part in 0..<50 {
        expected += try fill(log, part * 10..<part * 10 + 10)
        world.settle()
      }
      try LogOnDisk(directory: directory).copy(to: directory + "-copy")
      try expectRecovery(
        of: directory + "-copy", configuration, expected, bases: log.segments.map(\.baseOffset))
      try log.closeNow()
    }
  }

  /// The process is gone before maintenance could seal anything: there are full segments under
  /// the names of spares.
  @Test(arguments: Place.all, [130, 400, 1000])
  func afterAKillWithSegmentsThatHaveNoNamesYet(_ place: Place, _ count: Int) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      let configuration = place.configuration(segmentByteCount: 16 << 10)
      let log = try world.open(directory, configuration)
      var expected = try fill(log, 0..<200)
      world.settle()
      expected += try fill(log, 200..<200 + count)
      let disk = LogOnDisk(directory: directory)
      #expect(try disk.names.contains { $0.hasPrefix("varve-spare.") })
      try disk.copy(to: directory + "-copy")
      try expectRecovery(
        of: directory + "-copy", configuration, expected, bases: log.segments.map(\.baseOffset))
      try log.closeNow()
      #expect(try disk.segments.count == log.segments.count)
    }
  }

  private func expectRecovery(
    of directory: String, _ configuration: LogConfiguration, _ expected: [StoredRecord],
    bases: [Offset]
  ) throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let observer = EventRecorder()
    var configuration = configuration
    configuration.observer = observer
    let world = ManualWorld()
    let log = try world.open(directory, configuration)
    #expect(log.segments.map(\.baseOffset) == bases)
    #expect(log.segments.map(\.endOffset) == bases.dropFirst() + [log.end])
    #expect(log.end == Offset(rawValue: Int64(expected.count)))
    #expect(try log.stored() == expected)
    for each in expected { #expect(try log.recordNow(at: each.offset) == each.record) }
    #expect(
      observer.all.contains {
        if case .recovered(let report) = $0 { report.end == log.end } else { false }
      })
    #expect(observer.wrongIndexes.isEmpty)
    try log.append(record(expected.count))
    try log.closeNow()
    let again = try world.open(directory, configuration)
    #expect(try again.stored().count == expected.count + 1)
    try again.closeNow()
    #expect(observer.wrongIndexes.isEmpty)
  }

  /// What is behind the last whole batch is cut, whatever it is.
  @Test(arguments: Place.all)
  func afterATornWrite(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let configuration = place.configuration()
      let world = ManualWorld()
      let log = try world.open(directory, configuration)
      let expected = try fill(log, 0..<5)
      let whole = try SegmentOnDisk(directory, 0).batches
      let path = SegmentPath(directory: directory, baseOffset: 0).log
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      let last = whole[4].position
      // The process is gone here: the side file says that the log is open.
      try LogOnDisk(directory: directory).copy(to: directory + "-copy")
      defer { try? FileManager.default.removeItem(atPath: directory + "-copy") }
      try log.closeNow()
      let copy = SegmentPath(directory: directory + "-copy", baseOffset: 0).log
      let end = last + whole[4].header.byteCount
      let tails =
        (last..<end).map { Data(bytes[..<$0]) }
        + [0, 1, 17, 61, 200].map { bytes[..<end] + Data(repeating: 0xa5, count: $0) }
      for tail in tails {
        try tail.write(to: URL(fileURLWithPath: copy))
        let again = try world.open(directory + "-copy", configuration)
        let count = tail.count < end ? 4 : 5
        #expect(again.end == Offset(rawValue: Int64(count)))
        #expect(try again.stored() == Array(expected[..<count]))
        let size = try Data(contentsOf: URL(fileURLWithPath: copy)).count
        #expect(size == (count == 4 ? last : end))
        // Left as a kill leaves it, for the next round.
      }
    }
  }

  /// Two segments in a row after which the process was gone, each time with something unsealed.
  @Test(arguments: Place.all)
  func afterKillUponKill(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let configuration = place.configuration(segmentByteCount: 8 << 10)
      var expected: [StoredRecord] = []
      for round in 0..<5 {
        // The log is dropped without being closed, and never looked after.
        let world = ManualWorld()
        let log = try world.open(directory, configuration)
        #expect(try log.stored() == expected)
        expected += try fill(log, round * 120..<(round + 1) * 120)
      }
      let world = ManualWorld()
      let log = try world.open(directory, configuration)
      #expect(try log.stored() == expected)
      for (one, next) in zip(log.segments, log.segments.dropFirst()) {
        #expect(one.endOffset == next.baseOffset)
      }
      try log.closeNow()
    }
  }
}
