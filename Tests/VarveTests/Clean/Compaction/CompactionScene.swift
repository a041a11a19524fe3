import Testing
import VarveSystem
import VarveTesting

@testable import Varve

/// A compaction, and the logs that it may leave where it does not come to its end.
struct CompactionScene: CustomTestStringConvertible, Sendable {
  /// A log that it may leave.
  struct State: Sendable {
    /// Where its segments begin.
    let bases: [Offset]
    /// Which of its records count still.
    let kept: @Sendable (KeyedWreck) -> [StoredRecord]
  }

  let testDescription: String
  /// How many keys there are.
  let keyCount: Int64
  /// The end of what is compacted, in segments of eight batches, and of the log.
  let below: Offset
  let end: Offset
  /// How large segments may be when it is compacted.
  var segmentByteCount = 64 << 10
  /// How large one that is written may be, where it is to be outgrown.
  var outputByteCount: Int?
  /// What it may leave, from the log of before to the one of after.
  let states: [State]

  /// A log that is ready to be compacted.
  func make() throws -> (KeyedWreck, Log) {
    var keyed = KeyedWreck()
    keyed.keyCount = keyCount
    let log = try keyed.makeSmallSegments(upTo: end, segmentByteCount: segmentByteCount)
    return (keyed, log)
  }

  func compact(_ log: Log) throws {
    try log.compactNow(below: below, limits: CompactionLimits(segmentByteCount: outputByteCount))
  }

  /// Which of the logs one is that has these segments; nil if it is none.
  func state(withSegments bases: [Offset]) -> Int? { states.firstIndex { $0.bases == bases } }
}

extension CompactionScene {
  static let all = [threeToOne, fiveToTwo, fiveToTwoAtOnce]

  private static func untouched(_ bases: [Offset], _ end: Offset) -> State {
    State(bases: bases) { $0.all(0..<end) }
  }

  private static func compacted(_ bases: [Offset], below: Offset, _ end: Offset) -> State {
    State(bases: bases) { $0.compacted(below: below, end: end) }
  }

  private static let threeToOne = CompactionScene(
    testDescription: "3 segments become 1", keyCount: 3, below: 24, end: 28,
    states: [untouched([0, 8, 16, 24], 28), compacted([0, 24], below: 24, 28)])

  /// One after the other: three segments become one, and then two.
  private static let fiveToTwo = CompactionScene(
    testDescription: "5 segments become 2", keyCount: 20, below: 40, end: 44,
    segmentByteCount: 3 * Wreck.perSegment * Wreck.batchByteCount,
    states: [
      untouched([0, 8, 16, 24, 32, 40], 44),
      State(bases: [0, 24, 32, 40]) { keyed in
        keyed.compacted(below: 40, end: 44).filter { $0.offset < 24 } + keyed.all(24..<44)
      },
      compacted([0, 24, 40], below: 40, 44),
    ])

  /// What is left of five segments is too much for one, and ends within another one of them.
  static let fiveToTwoAtOnce = CompactionScene(
    testDescription: "5 segments become 2 at once", keyCount: 20, below: 40, end: 44,
    outputByteCount: 10 * Wreck.batchByteCount,
    states: [
      untouched([0, 8, 16, 24, 32, 40], 44), compacted([0, 30, 40], below: 40, 44),
    ])
}
