import Testing
import VarveSystem

@testable import Varve

/// Appends that count on where the log ends.
@Suite struct ConditionalAppendTests {
  private func record(_ text: String) -> Record { Record(key: "account", value: text) }

  @Test(arguments: Place.all)
  func whatIsExpectedDecides(_ place: Place) async throws {
    try await place.withLog(segmentByteCount: 4 << 10) { log in
      let first = try log.append([record("opened"), record("paid")], expectingEnd: 0)
      #expect(first.baseOffset == 0 && first.nextOffset == 2)
      for wrong: Offset in [0, 1, 3, .init(rawValue: .max)] {
        let failure = error { try log.append([record("late")], expectingEnd: wrong) }
        #expect(failure?.code == .conflict && failure?.appendedOffset == nil)
      }
      #expect(log.end == 2)
      let second = try await log.append([record("paid")], expectingEnd: 2, durability: .durable)
      #expect(second.durability == .durable && second.offset == 2 && log.durableEnd == 3)
      let failure = await asyncError {
        try await log.append([record("late")], expectingEnd: 2, durability: .durable)
      }
      #expect(failure?.code == .conflict)
      #expect(error { try log.append([], expectingEnd: 3) }?.code == .invalidArgument)
      #expect(try log.stored().count == 3)
    }
  }

  /// Where many decide by the same, one of them is right, over rolls too; and each finds its turn.
  @Test(arguments: Place.all)
  func oneOfManyIsFirst(_ place: Place) async throws {
    try await place.withLog(segmentByteCount: 4 << 10) { log in
      let (count, rounds) = (8, 25)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<count {
          group.addTask {
            var done = 0
            while done < rounds {
              do throws(LogError) {
                try await log.append(
                  [record("\(number)"), Record(value: [UInt8](repeating: 1, count: 300))],
                  expectingEnd: log.end, durability: .published)
                done += 1
              } catch {
                guard error.code == .conflict else { throw error }
              }
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(log.end.rawValue == Int64(2 * count * rounds))
      #expect(log.segments.count > 1)
    }
  }
}
