import Testing

@testable import Varve

/// What becomes of a segment whose batches end: the whole table, with the reason of each row.
@Suite struct RecoveryRuleTests {
  /// What is known of the log, and of the machine.
  private enum World: CaseIterable {
    /// Nothing: Kafka wrote it, or somebody copied it.
    case unknown
    /// The kernel still has all that was written.
    case kept
    /// What was not synced may be lost: the machine has started anew, or a sync has failed.
    case lost

    /// All before offset 10 was on the device, if that is known.
    var rule: RecoveryRule {
      switch self {
      case .unknown: RecoveryRule(durableEnd: 0, keepsWrites: false, isKnown: false)
      case .kept: RecoveryRule(durableEnd: 10, keepsWrites: true, isKnown: true)
      case .lost: RecoveryRule(durableEnd: 10, keepsWrites: false, isKnown: true)
      }
    }
  }

  /// What follows the batches in the file.
  private enum Rest {
    case zeros
    case bytes
    case batch(Offset)
  }

  private typealias Row = (
    world: World, end: Offset, rest: Rest, nextBase: Offset?, verdict: RecoveryRule.Verdict,
    reason: String
  )

  private func verdict(_ world: World, _ end: Offset, _ rest: Rest, _ nextBase: Offset?)
    -> RecoveryRule.Verdict
  {
    let (hasRest, nextBatch): (Bool, Offset?) =
      switch rest {
      case .zeros: (false, nil)
      case .bytes: (true, nil)
      case .batch(let offset): (true, offset)
      }
    return world.rule.verdict(
      RecoveryRule.Facts(end: end, hasRest: hasRest, nextBatch: nextBatch, nextBase: nextBase))
  }

  private func expect(_ rows: [Row]) {
    for row in rows {
      #expect(
        verdict(row.world, row.end, row.rest, row.nextBase) == row.verdict, "\(row.reason)")
    }
  }

  @Test func nothingIsKnown() {
    expect([
      (.unknown, 4, .zeros, nil, .whole, "it ends, and nothing speaks of more"),
      (.unknown, 4, .zeros, 8, .whole, "compaction took the batches before the next segment"),
      (.unknown, 4, .bytes, nil, .cut, "a torn batch is the last thing that a crash leaves"),
      (.unknown, 4, .bytes, 8, .damaged(until: 8), "no crash leaves a segment behind a torn one"),
      (.unknown, 4, .batch(6), nil, .damaged(until: 6), "a batch behind it: not the end"),
      (.unknown, 4, .batch(6), 8, .damaged(until: 6), "the same, in the midst of the log"),
    ])
  }

  /// What is whole is nothing that a crash leaves: of a log of ours it may have stood there before.
  @Test func aBatchThatDoesNotFit() {
    for world in World.allCases {
      for nextBase: Offset? in [nil, 20] {
        var facts = RecoveryRule.Facts(end: 12, hasRest: true, nextBase: nextBase)
        let without = world.rule.verdict(facts)
        facts.misfitEnd = 14
        let isKept = world == .unknown && nextBase == nil
        #expect(world.rule.verdict(facts) == (isKept ? .damaged(until: 14) : without))
        // Behind the last offset of all it begins anew.
        for end: Offset in [12, 11, .init(rawValue: .min)] {
          facts.misfitEnd = end
          #expect(world.rule.verdict(facts) == without)
        }
      }
    }
  }

  @Test func theKernelHasAllThatWasWritten() {
    expect([
      (.kept, 4, .zeros, nil, .damaged(until: 10), "the file was cut below what was durable"),
      (.kept, 4, .zeros, 8, .damaged(until: 8), "what was before the next segment is gone"),
      (.kept, 4, .zeros, 12, .damaged(until: 12), "the same: the kernel lost nothing"),
      (.kept, 4, .bytes, nil, .damaged(until: 10), "durable records are unreadable"),
      (.kept, 4, .bytes, 8, .damaged(until: 8), "the next segment goes on behind them"),
      (.kept, 4, .bytes, 12, .damaged(until: 12), "no write is torn that others came behind"),
      (.kept, 4, .batch(6), nil, .damaged(until: 6), "it goes on behind the damage"),
      (.kept, 4, .batch(12), nil, .damaged(until: 12), "the same: what is behind was written"),
      (.kept, 4, .batch(6), 8, .damaged(until: 6), "the batch is nearer than the segment"),
      (.kept, 10, .zeros, nil, .whole, "all that was written is there"),
      (.kept, 10, .zeros, 12, .damaged(until: 12), "appends went on behind what is missing"),
      (.kept, 10, .bytes, nil, .cut, "the process ended within a write"),
      (.kept, 10, .bytes, 12, .damaged(until: 12), "appends went on behind it"),
      (.kept, 10, .batch(12), nil, .damaged(until: 12), "appends went on behind it"),
      (.kept, 10, .batch(12), 14, .damaged(until: 12), "the same, in the midst of the log"),
      (.kept, 13, .zeros, nil, .whole, "more than what was durable is there"),
      (.kept, 13, .bytes, nil, .cut, "the process ended within a write"),
    ])
  }

  @Test func whatWasNotSyncedMayBeLost() {
    expect([
      (.lost, 4, .zeros, nil, .damaged(until: 10), "durable records are gone"),
      (.lost, 4, .zeros, 8, .damaged(until: 8), "the next segment was durable, in part"),
      (
        .lost, 4, .zeros, 12, .damaged(until: 10), "the next segment was not: it goes with the rest"
      ),
      (.lost, 4, .bytes, nil, .damaged(until: 10), "durable records are unreadable"),
      (.lost, 4, .bytes, 8, .damaged(until: 8), "the next segment was durable, in part"),
      (.lost, 4, .bytes, 12, .damaged(until: 10), "the next segment was not durable"),
      (.lost, 4, .batch(6), nil, .damaged(until: 6), "durable records go on there"),
      (.lost, 4, .batch(6), 8, .damaged(until: 6), "the batch is nearer than the segment"),
      (.lost, 4, .batch(10), nil, .damaged(until: 10), "what is next to the durable ones is there"),
      (.lost, 4, .batch(12), nil, .damaged(until: 10), "what is behind a gap was never synced"),
      (.lost, 4, .batch(12), 14, .damaged(until: 10), "the same, in the midst of the log"),
      (.lost, 10, .zeros, nil, .whole, "the end, and all that was durable"),
      (.lost, 10, .zeros, 12, .cut, "a name outlived the power cut, the bytes before it did not"),
      (.lost, 10, .bytes, nil, .cut, "a torn end"),
      (.lost, 10, .bytes, 12, .cut, "a torn end, and a segment that lay behind it"),
      (.lost, 10, .batch(12), nil, .cut, "a later page outlived the power cut, not this one"),
      (.lost, 10, .batch(12), 14, .cut, "the same, in the midst of the log"),
      (.lost, 13, .bytes, nil, .cut, "a torn end behind records that nobody was promised"),
    ])
  }

  /// A segment that reaches the next one has lost nothing, whatever lies behind its batches.
  @Test func theNextSegmentIsReached() {
    for world in World.allCases {
      for rest: Rest in [.zeros, .bytes] {
        for (end, next): (Offset, Offset) in [(4, 4), (10, 10), (12, 12), (5, 4)] {
          #expect(verdict(world, end, rest, next) == .whole)
        }
      }
    }
  }

  /// What no verdict may do, over all that there can be.
  @Test func whatHoldsForAll() {
    var (cuts, damages, wholes) = (0, 0, 0)
    for number in 0..<5 * 5 * 2 * 2 * 2 * 6 * 6 {
      var rest = number
      func draw(_ count: Int) -> Int {
        defer { rest /= count }
        return rest % count
      }
      let rule = RecoveryRule(
        durableEnd: Offset(rawValue: Int64(draw(5))), keepsWrites: draw(2) == 1,
        isKnown: draw(2) == 1)
      let end = Offset(rawValue: Int64(draw(5)))
      let hasRest = draw(2) == 1
      let distances = (draw(6), draw(6))
      let batch = hasRest && distances.0 < 5 ? end.advanced(by: distances.0) : nil
      let base = distances.1 < 5 ? end.advanced(by: distances.1) : nil
      if let base, base == end || batch.map({ $0 >= base }) ?? false { continue }
      let facts = RecoveryRule.Facts(end: end, hasRest: hasRest, nextBatch: batch, nextBase: base)
      switch rule.verdict(facts) {
      case .whole:
        wholes += 1
        #expect(!hasRest && (base == nil || !rule.isKnown))
        #expect(end >= rule.durableEnd || !rule.isKnown)
      case .cut:
        cuts += 1
        #expect(end >= rule.durableEnd, "nothing is cut that was durable: \(facts)")
        #expect(
          rule.isKnown && !rule.keepsWrites || batch == nil && base == nil,
          "nothing is cut that the kernel cannot have lost: \(facts)")
      case .damaged(let until):
        damages += 1
        #expect(until >= end)
        #expect(base.map { until <= $0 } ?? true, "it does not reach into the next: \(facts)")
        #expect(
          !rule.isKnown || rule.keepsWrites || until <= rule.durableEnd,
          "what was not durable is lost, and not damaged: \(facts)")
      }
    }
    #expect(cuts > 100 && damages > 100 && wholes > 100)
  }
}
