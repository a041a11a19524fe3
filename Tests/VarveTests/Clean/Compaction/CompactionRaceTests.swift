import Testing
import VarveSystem

@testable import Varve

/// Compactions while others append, read, hold and look up.
@Suite struct CompactionRaceTests {
  private static let roundCount = 30
  private static let keyCount = 25

  @Test(arguments: Place.all)
  func everyoneGoesOn(_ place: Place) async throws {
    try await place.withDirectory { directory in
      var configuration = place.configuration(segmentByteCount: 16 << 10)
      configuration.cleaner = .compact(minimumDirtyRatio: 0)
      let log = try await Log.open(
        at: directory, configuration: configuration, environment: .unsynced)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await compact(log) }
        for _ in 0..<2 { group.addTask { try await follow(log) } }
        group.addTask { try await fetch(log) }
        group.addTask { try await lookUp(log) }
        group.addTask { try await verify(log) }
        try await group.next()
        try await log.close()
        try await group.waitForAll()
      }
      try await expectWhole(directory, configuration, end: log.end)
    }
  }

  /// Each record says where it is.
  private static func record(_ offset: Offset) -> Record {
    Record(
      key: "key \(Int(offset.rawValue) % keyCount)",
      value: Array("\(offset)".utf8) + [UInt8](repeating: 7, count: 200))
  }

  private func compact(_ log: Log) async throws {
    for round in 0..<Self.roundCount {
      for _ in 0..<150 { try log.append(Self.record(log.end)) }
      let report = try await log.clean()
      #expect(report.plan.refusals.isEmpty)
      // Truncation and deletion come in between, too. Nobody cuts what others have for certain.
      if round % 10 == 9 {
        let end = log.end.advanced(by: -70)
        try await log.truncate(to: max(end, log.cleanerStatus.compactedBelow ?? end))
        try await log.deleteRecords(before: log.start.advanced(by: 40))
      }
    }
    #expect(log.cleanerStatus.failure == nil)
    #expect(log.cleanerStatus.compactedByteCount > 0)
  }

  /// Nothing is wrong with what is about to be replaced, or has just been.
  private func verify(_ log: Log) async throws {
    while !log.isClosed {
      let failure = await asyncError {
        let found = try await log.verify()
        #expect(found.segments.filter { !$0.isSound } == [])
      }
      #expect(failure == nil || failure?.code == .closed)
    }
  }

  private func follow(_ log: Log) async throws {
    while !log.isClosed {
      do {
        var last: Offset = -1
        for try await batch in log.tail(from: .earliest) {
          #expect(batch.header.baseOffset > last)
          last = batch.header.lastOffset
          try expectTrue(batch.view)
        }
      } catch let error as LogError {
        // It was cut, or starts later.
        #expect(error.code == .trimmed, "\(error)")
      }
    }
  }

  private func fetch(_ log: Log) async throws {
    let reader = ZeroCopyReader(log)
    while !log.isClosed {
      do {
        var slice = try await reader.slice(from: .earliest, maximumByteCount: 5000)
        while let current = slice, !log.isClosed {
          try await current.expectBatches { try expectTrue($0) }
          slice = try await reader.slice(after: current, maximumByteCount: 5000)
        }
      } catch let error as LogError {
        #expect([.trimmed, .closed, .invalidArgument].contains(error.code), "\(error)")
      }
    }
  }

  private func lookUp(_ log: Log) async throws {
    var random = SplitMix(seed: 1)
    while !log.isClosed {
      let offset = Offset(rawValue: Int64.random(in: 0...max(0, log.end.rawValue), using: &random))
      do {
        if let record = try await log.record(at: offset) {
          #expect(record.value == Self.record(offset).value)
        }
      } catch {
        #expect([.trimmed, .closed, .invalidArgument].contains(error.code), "\(error)")
      }
    }
  }

  private func expectTrue(_ batch: borrowing BatchView) throws {
    var records = try batch.records.makeIterator()
    while let record = records.next() {
      let (offset, copy) = (record.offset, Record(copying: record))
      #expect(copy.value == Self.record(offset).value)
    }
  }

  private func expectWhole(
    _ directory: String, _ configuration: LogConfiguration, end: Offset
  ) async throws {
    let log = try await Log.open(
      at: directory, configuration: configuration, environment: .unsynced)
    #expect(log.recovery == nil && log.end == end)
    let newest = (0..<Self.keyCount).map { end.rawValue - 1 - Int64($0) }
    let kept = Set(try stored(log))
    #expect(kept.isSuperset(of: newest.map { Offset(rawValue: $0) }))
    try await log.close()
  }

  private func stored(_ log: Log) throws -> [Offset] { try log.stored().map(\.offset) }
}

extension LogSlice {
  fileprivate func expectBatches(_ body: (borrowing BatchView) throws -> Void) async throws {
    let bytes = try await bytes()
    var walk = BatchWalk(bytes.span.bytes)
    while let batch = try walk.next() {
      try batch.checkIntegrity()
      try body(batch)
    }
  }
}
