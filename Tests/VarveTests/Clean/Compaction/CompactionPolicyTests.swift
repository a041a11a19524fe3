import Testing
import Varve
import VarveTesting

/// When a log is compacted, and up to where.
@Suite struct CompactionPolicyTests {
  private static let now = Timestamp(rawValue: 1_800_000_000_000)

  /// Segments of ten records and 100 bytes each, of which the last is being written; ages in seconds.
  private func view(
    ages: [Int64], dirty: Offset = 0, stable: Offset? = nil, compactable: Offset? = nil,
    since: Int64? = nil, free: Int? = nil
  ) -> CleanerView {
    let segments = ages.enumerated().map { index, age in
      CleanerSegment(
        baseOffset: Offset(rawValue: Int64(index) * 10),
        endOffset: Offset(rawValue: Int64(index) * 10 + 10), byteCount: 100,
        isActive: index == ages.count - 1,
        maxTimestamp: Timestamp(rawValue: Self.now.rawValue - age * 1000),
        sealedAt: index == ages.count - 1 ? nil : Self.now)
    }
    return CleanerView(
      segments: segments, start: 0, end: Offset(rawValue: Int64(ages.count) * 10),
      deletableEnd: stable, compactableEnd: compactable, firstDirtyOffset: dirty,
      dirtySince: since.map { Timestamp(rawValue: Self.now.rawValue - $0 * 1000) },
      freeByteCount: free, now: Self.now)
  }

  private func below(_ view: CleanerView, _ policy: CompactionPolicy) -> Offset? {
    CleanerPlan(policy.plan(view), for: view).compaction?.below
  }

  @Test func enoughHasToBeNew() {
    let policy = CompactionPolicy()
    #expect(below(view(ages: [9, 9, 9, 9, 0]), policy) == 40)
    #expect(below(view(ages: [9, 9, 9, 9, 0], dirty: 10), policy) == 40)
    // As much as half is not more than half.
    #expect(below(view(ages: [9, 9, 9, 9, 0], dirty: 20), policy) == nil)
    #expect(below(view(ages: [9, 9, 9, 9, 0], dirty: 15), policy) == 40)
    #expect(below(view(ages: [9, 9, 9, 9, 0], dirty: 40), policy) == nil)
    #expect(below(view(ages: [9, 9, 9, 9, 0], dirty: 30), .init(minimumDirtyRatio: 0.2)) == 40)
    #expect(below(view(ages: [9]), policy) == nil)
    #expect(below(view(ages: []), policy) == nil)
  }

  @Test func lessIsEnoughWhereTheDiskRunsShort() {
    let policy = CompactionPolicy()
    #expect(below(view(ages: [9, 9, 9, 9, 0], dirty: 30, free: 202), policy) == nil)
    #expect(below(view(ages: [9, 9, 9, 9, 0], dirty: 30, free: 201), policy) == 40)
    // But something has to be new.
    #expect(below(view(ages: [9, 9, 9, 9, 0], dirty: 40, free: 0), policy) == nil)
  }

  @Test func whatMayChangeStays() {
    let policy = CompactionPolicy(minimumDirtyRatio: 0)
    #expect(below(view(ages: [9, 9, 9, 0], stable: 25), policy) == 20)
    #expect(below(view(ages: [9, 9, 9, 0], stable: 9), policy) == nil)
    #expect(below(view(ages: [9, 9, 9, 0], stable: 40, compactable: 10), policy) == 10)
  }

  @Test func whatIsYoungStays() {
    let policy = CompactionPolicy(minimumDirtyRatio: 0, minimumLag: .seconds(100))
    #expect(below(view(ages: [300, 200, 99, 300, 0]), policy) == 20)
    #expect(below(view(ages: [300, 100, 99, 0]), policy) == 20)
    // Nothing is written in the future.
    #expect(below(view(ages: [-300, 300, 0]), policy) == nil)
  }

  @Test func whatIsOverdueIsCompactedHoweverLittleItIs() {
    let policy = CompactionPolicy(minimumDirtyRatio: 0.9, maximumLag: .seconds(100))
    #expect(below(view(ages: [300, 300, 99, 0], dirty: 20, since: 100), policy) == nil)
    #expect(below(view(ages: [300, 300, 99, 0], dirty: 20, since: 101), policy) == 30)
    // In the segment that is being written, too: the log goes on in a new one.
    let active = view(ages: [300, 300, 99], dirty: 20, since: 101)
    #expect(
      policy.plan(active) == [.roll, .compact(below: 30, deleteRetention: .seconds(86_400))])
    let plan = CleanerPlan(policy.plan(active), for: active)
    #expect(plan.rolls && plan.compaction?.below == 30 && plan.refusals.isEmpty)
    #expect(policy.plan(view(ages: [300, 99], dirty: 10, stable: 15, since: 101)).isEmpty)
  }

  @Test func wishesThatCannotBeAreRefused() {
    let view = view(ages: [9, 9, 0], dirty: 10, stable: 30, compactable: 25)
    for (below, retention): (Offset, Int) in [(26, 1), (10, 1), (5, 1), (20, -1), (1000, 1)] {
      let action = CleanerAction.compact(below: below, deleteRetention: .seconds(retention))
      let plan = CleanerPlan([action, .delete(below: 10)], for: view)
      #expect(plan.refusals.map(\.action) == [action])
      #expect(plan.compaction == nil && plan.deletesBelow == 10)
    }
    var active = view
    active.compactableEnd = 30
    let action = CleanerAction.compact(below: 30, deleteRetention: .zero)
    #expect(CleanerPlan([action], for: active).refusals.map(\.action) == [action])
    #expect(CleanerPlan([.roll, action], for: active).compaction?.below == 30)
  }

  @Test func whatSomebodyNeedsStays() throws {
    let policy = CompactionPolicy(minimumDirtyRatio: 0)
    let view = view(ages: [9, 9, 9, 0], dirty: 10)
    for (limit, below): (Offset?, Offset?) in [
      (30, 30), (29, 20), (20, 20), (19, nil), (5, nil), (nil, nil),
    ] {
      let plan = CleanerPlan(try policy.notBeyond { limit }.plan(view), for: view)
      #expect(plan.compaction?.below == below && plan.refusals.isEmpty)
    }
  }

  @Test(arguments: [
    CompactionPolicy(), .init(minimumDirtyRatio: 0, minimumLag: .seconds(1000)),
    .init(minimumDirtyRatio: 0.8, maximumLag: .seconds(100)),
  ])
  func itKeepsToTheRules(_ policy: CompactionPolicy) throws {
    #expect(try PolicyCheck(seed: 1).findings(of: policy).isEmpty)
    let both: CombinedPolicy = .combined(.delete(olderThan: .seconds(300_000)), policy)
    #expect(try PolicyCheck(seed: 2).findings(of: both).isEmpty)
  }
}
