import Testing
import Varve

/// What goes by age, by size and by want of space, and what stays.
@Suite struct RetentionPolicyTests {
  private static let now = Timestamp(rawValue: 1_800_000_000_000)

  /// Segments of ten records each, of which the last is being written; ages in seconds.
  private func view(
    ages: [Int64], byteCount: Int = 100, committed: Int64? = nil, free: Int? = nil,
    change: (inout CleanerSegment) -> Void = { _ in }
  ) -> CleanerView {
    var segments = ages.enumerated().map { index, age in
      CleanerSegment(
        baseOffset: Offset(rawValue: Int64(index) * 10),
        endOffset: Offset(rawValue: Int64(index) * 10 + 10), byteCount: byteCount,
        isActive: index == ages.count - 1,
        maxTimestamp: Timestamp(rawValue: Self.now.rawValue - age * 1000),
        sealedAt: index == ages.count - 1 ? nil : Self.now)
    }
    for index in segments.indices { change(&segments[index]) }
    let end = Offset(rawValue: Int64(ages.count) * 10)
    return CleanerView(
      segments: segments, start: 0, end: end,
      deletableEnd: committed.map { Offset(rawValue: $0) }, freeByteCount: free, now: Self.now)
  }

  private func below(_ view: CleanerView, _ policy: some CleanerPolicy) throws -> Offset? {
    CleanerPlan(try policy.plan(view), for: view).deletesBelow
  }

  @Test func whatIsOlderGoesAndWhatIsAsOldStays() throws {
    let policy = RetentionPolicy(age: .seconds(100))
    #expect(try below(view(ages: [101, 100, 50, 0]), policy) == 10)
    #expect(try below(view(ages: [100, 99, 50, 0]), policy) == nil)
    #expect(try below(view(ages: [300, 200, 101, 0]), policy) == 30)
    // The first one that is kept keeps all behind it.
    #expect(try below(view(ages: [50, 200, 200, 0]), policy) == nil)
  }

  @Test func theSegmentThatIsBeingWrittenGoesWhenAllGo() throws {
    let all = view(ages: [300, 200, 101])
    let plan = CleanerPlan(RetentionPolicy(age: .seconds(100)).plan(all), for: all)
    #expect(plan.rolls)
    #expect(plan.deletesBelow == 30)
    #expect(plan.refusals.isEmpty)
    var empty = all
    empty.segments[2].byteCount = 0
    empty.segments[2].endOffset = 20
    empty.end = 20
    empty.deletableEnd = 20
    #expect(try below(empty, RetentionPolicy(age: .seconds(100))) == 20)
    #expect(!CleanerPlan(RetentionPolicy(age: .seconds(100)).plan(empty), for: empty).rolls)
  }

  /// A record cannot keep its segment for ever, nor lose it at once, by what it says of itself.
  @Test(arguments: [
    now.rawValue + 315_360_000_000, 0, -1, Int64.min, now.rawValue * 1000, Int64.max,
  ])
  func timesThatCannotBeCountAsWhenTheSegmentWasFull(_ time: Int64) throws {
    for (sealedAgo, expected) in [(101, 10), (100, nil)] as [(Int64, Offset?)] {
      let view = view(ages: [0, 0]) {
        guard !$0.isActive else { return }
        $0.maxTimestamp = Timestamp(rawValue: time)
        $0.sealedAt = Timestamp(rawValue: Self.now.rawValue - sealedAgo * 1000)
      }
      #expect(try below(view, RetentionPolicy(age: .seconds(100))) == expected)
    }
  }

  @Test func theOldestGoWithoutWhichAsMuchIsLeft() throws {
    let five = view(ages: [0, 0, 0, 0, 0])
    for (limit, expected) in [
      (500, nil), (499, nil), (401, nil), (400, 10), (399, 10), (250, 20), (100, 40), (1, 40),
      (0, 50),
    ] as [(Int, Offset?)] {
      #expect(try below(five, RetentionPolicy(byteCount: limit)) == expected, "\(limit)")
    }
  }

  @Test func spaceIsMadeByTheOldestButNotByTheOneThatIsWritten() throws {
    let three = { (free: Int?) in view(ages: [0, 0, 0], free: free) }
    let policy = RetentionPolicy(freeByteCount: 1000)
    #expect(try below(three(1000), policy) == nil)
    #expect(try below(three(999), policy) == 10)
    #expect(try below(three(899), policy) == 20)
    #expect(try below(three(0), policy) == 20)
    #expect(try below(three(nil), policy) == nil)
  }

  @Test func nothingGoesThatIsNotCommitted() throws {
    let policy = RetentionPolicy(age: .zero, byteCount: 0)
    for (committed, expected) in [(0, nil), (9, nil), (10, 10), (29, 20), (30, 30)]
      as [(Int64, Offset?)]
    {
      #expect(try below(view(ages: [9, 9, 9], committed: committed), policy) == expected)
    }
  }

  @Test func someIsKeptWhateverElseIsWanted() throws {
    let all = RetentionPolicy(byteCount: 0)
    let view = view(ages: [400, 300, 200, 100, 0])
    #expect(try below(view, all) == 50)
    #expect(try below(view, all.keeping(records: 20)) == 30)
    #expect(try below(view, all.keeping(records: 21)) == 20)
    #expect(try below(view, all.keeping(bytes: 101)) == 30)
    #expect(try below(view, all.keeping(bytes: 100)) == 40)
    #expect(try below(view, all.keeping(youngerThan: .seconds(200))) == 20)
    #expect(try below(view, all.keeping(records: 1, youngerThan: .seconds(300))) == 10)
    #expect(try below(view, all.keeping(records: .max)) == nil)
  }

  @Test func whatAConsumerHasNotReadIsKept() throws {
    let view = view(ages: [0, 0, 0])
    for (position, expected) in [(nil, nil), (9, nil), (10, 10), (25, 20), (30, 30)]
      as [(Offset?, Offset?)]
    {
      #expect(try below(view, RetentionPolicy(byteCount: 0).notBeyond { position }) == expected)
    }
  }

  @Test func whatAnyWantsIsDone() throws {
    struct Failing: CleanerPolicy {
      struct Failure: Error {}
      func plan(_ view: CleanerView) throws -> [CleanerAction] { throw Failure() }
    }
    let view = view(ages: [400, 300, 200, 0])
    let old = RetentionPolicy(age: .seconds(350))
    #expect(try below(view, .combined(old, .delete(beyondBytes: 200))) == 20)
    #expect(try below(view, .combined(Failing(), old)) == 10)
    // What is young and too much is in the way of what is old.
    let shielded = self.view(ages: [0, 400, 400, 0])
    #expect(try below(shielded, .combined(old, .delete(beyondBytes: 300))) == 30)
    #expect(throws: Failing.Failure.self) { try CombinedPolicy([Failing()]).plan(view) }
  }
}
