import Foundation
import Testing
import VarveSystem

@testable import Varve

/// Offsets by time.
@Suite struct TimeLookUpTests {
  /// Kafka's own table: offsets from 40 on, each made at ten times its offset.
  @Test(arguments: Place.all)
  func kafkasTable(_ place: Place) async throws {
    try await place.withDirectory { directory in
      let batches = try (0..<10).map { (number: Int64) in
        var options = BatchOptions()
        options.baseOffset = Offset(rawValue: 40 + number)
        return try RecordBatch.of(
          [Record(value: "x", timestamp: .at((40 + number) * 10))], options)
      }
      try SegmentOnDisk.write(batches, base: 40, in: directory)
      let world = ManualWorld()
      let log = try world.open(directory, place.configuration())
      let table: [Int64: Offset] = [
        420: 42, 421: 43, 430: 43, 431: 44, 401: 41, 399: 40, -1: 40, 490: 49,
      ]
      for (time, offset) in table {
        let found = try log.firstNow(at: .at(time))
        #expect(found?.offset == offset, "time \(time)")
        #expect(found?.timestamp.rawValue == offset.rawValue * 10)
      }
      #expect(try log.firstNow(at: .at(491)) == nil)
      #expect(try await log.firstOffset(at: .at(401))?.offset == 41)
      try log.closeNow()
    }
  }

  /// Times that go up and down, over several segments and with batches of several records, against
  /// a search through all records.
  @Test(arguments: Place.all, [0, 1, 2])
  func overSeveralSegments(_ place: Place, _ shape: Int) async throws {
    try await place.withDirectory { directory in
      let world = ManualWorld()
      var configuration = place.configuration(segmentByteCount: 4096)
      configuration.indexIntervalByteCount = 300
      let log = try world.open(directory, configuration)
      var number: Int64 = 0
      for batch in 0..<160 {
        try log.append(
          (0...batch % 3).map { _ in
            number += 1
            return Record(value: "some text", timestamp: .at(time(number, shape)))
          })
        if batch % 9 == 0 { world.settle() }
      }
      try expectLookUps(log)
      try log.closeNow()
      let again = try world.open(directory, configuration)
      try expectLookUps(again)
      #expect(again.segments.count > 2)
      try again.closeNow()
    }
  }

  private func time(_ number: Int64, _ shape: Int) -> Int64 {
    switch shape {
    case 0: number * 3
    case 1: (number * 7919) % 500
    default: number % 5 == 0 ? -1 : 1000 - number
    }
  }

  private func expectLookUps(_ log: Log) throws {
    let all = try log.stored()
    for time: Int64 in stride(from: -1, through: 1100, by: 3) {
      let truth = all.first { ($0.record.timestamp ?? .none).rawValue >= time }
      let found = try log.firstNow(at: .at(time))
      #expect(found?.offset == truth?.offset, "time \(time)")
      #expect(found?.timestamp == truth?.record.timestamp, "time \(time)")
    }
  }
}
