import Testing
import VarveTesting

@testable import Varve

/// How the disk of a store is doing and what is done about it, as functions of what is seen.
@Suite struct StoreSpaceWatchTests {
  private static let total = 1000
  private static let marks = StoreWatermarks(
    lowByteCount: 100, lowFraction: 0, criticalByteCount: 20, criticalFraction: 0)

  private func sight(_ free: Int, ballast: Int = 0) -> StoreSpaceWatch.Sight {
    StoreSpaceWatch.Sight(
      freeByteCount: free, totalByteCount: Self.total, ballastByteCount: ballast)
  }

  private func orders(
    _ watch: inout StoreSpaceWatch, _ sights: [StoreSpaceWatch.Sight]
  ) -> [StoreSpaceWatch.Orders] {
    sights.map { watch.see($0) }
  }

  @Test func statesFollowTheMarks() {
    var watch = StoreSpaceWatch(Self.marks, ballastByteCount: 0)
    let found = orders(&watch, [100, 99, 20, 19, 0, 100].map { sight($0) })
    #expect(found.map(\.change) == [nil, .low, nil, .critical, nil, .ok])
    #expect(found.map(\.missingByteCount) == [0, 1, 80, 81, 100, 0])
    #expect(found.allSatisfy { $0.ballastByteCount == nil })
  }

  @Test func noMarkIsMoreThanHalfTheDisk() {
    let marks = StoreWatermarks(
      lowByteCount: 1 << 40, lowFraction: 0.9, criticalByteCount: 1 << 41, criticalFraction: 1)
    #expect(marks.low(of: 1000) == 500 && marks.critical(of: 1000) == 500)
    #expect(marks.low(of: 0) == 0 && marks.critical(of: -1) == 0)
    let parts = StoreWatermarks(
      lowByteCount: 0, lowFraction: 0.25, criticalByteCount: 300, criticalFraction: 0)
    #expect(parts.low(of: 1000) == 250 && parts.critical(of: 1000) == 250)
  }

  /// Made where it fits above the low mark, given up when it is critical, and owed until it is back.
  @Test func theBallastIsOwed() {
    var watch = StoreSpaceWatch(Self.marks, ballastByteCount: 50)
    let found = orders(
      &watch,
      [
        sight(149), sight(150), sight(100, ballast: 50), sight(30, ballast: 50),
        sight(19, ballast: 50), sight(69), sight(149), sight(150),
      ])
    #expect(found.map(\.ballastByteCount) == [nil, 50, nil, nil, 0, nil, nil, 50])
    #expect(found.map(\.change) == [.low, .ok, nil, .low, .critical, nil, .low, .ok])
    #expect(found.map(\.missingByteCount) == [1, 0, 0, 70, 81, 81, 1, 0])
  }

  @Test func aBallastThatIsTooLargeIsMadeSmaller() {
    var none = StoreSpaceWatch(Self.marks, ballastByteCount: 0)
    #expect(none.see(sight(500, ballast: 50)).ballastByteCount == 0)
    var small = StoreSpaceWatch(Self.marks, ballastByteCount: 20)
    #expect(small.see(sight(0, ballast: 100)).ballastByteCount == 20)
    // A quarter of the disk is the most.
    var large = StoreSpaceWatch(Self.marks, ballastByteCount: 10_000)
    #expect(large.see(sight(900)).ballastByteCount == 250)
  }

  /// Whatever others do to the disk: once its orders have been carried out, it has none for what is then.
  @Test(arguments: 0..<200) func ordersAreMet(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    var watch = StoreSpaceWatch(Self.marks, ballastByteCount: 50)
    var ballast = 0
    for _ in 0..<100 {
      var free = Int(random.next() % 300)
      // Two at the most: one makes the room in which the next makes the ballast.
      for _ in 0..<2 {
        let orders = watch.see(sight(free, ballast: ballast))
        let size = orders.ballastByteCount ?? ballast
        free += ballast - size + orders.missingByteCount
        ballast = size
        #expect(free >= 0)
      }
      let rest = watch.see(sight(free, ballast: ballast))
      #expect(rest == StoreSpaceWatch.Orders() && watch.state == .ok && ballast == 50)
    }
  }

  // MARK: Who gives what

  private func offer(_ name: String, _ sizes: [Int]) throws -> EmergencyPlan.Offer {
    let segments = sizes.enumerated().map { index, size in
      CleanerSegment(
        baseOffset: Offset(rawValue: Int64(index) * 10),
        endOffset: Offset(rawValue: Int64(index) * 10 + 10), byteCount: size)
    }
    return EmergencyPlan.Offer(partition: try .named(name), segments: segments)
  }

  private func counts(_ plan: EmergencyPlan) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: plan.segments.map { ($0.key.description, $0.value.count) })
  }

  @Test func whoHasTheMostGivesFirst() throws {
    let offers = try [
      offer("a-0", [10, 10]), offer("b-0", [30, 30, 30]), offer("c-0", [5]), offer("d-0", []),
    ]
    #expect(counts(EmergencyPlan(offers, missingByteCount: 0)).isEmpty)
    #expect(counts(EmergencyPlan(offers, missingByteCount: 1)) == ["b-0": 1])
    #expect(counts(EmergencyPlan(offers, missingByteCount: 61)) == ["b-0": 3])
    // Of equal ones, the first by name.
    let equal = try [offer("y-0", [10, 10]), offer("x-0", [10, 10])]
    #expect(counts(EmergencyPlan(equal, missingByteCount: 10)) == ["x-0": 1])
    #expect(counts(EmergencyPlan(equal, missingByteCount: 20)) == ["x-0": 1, "y-0": 1])
    let all = EmergencyPlan(offers, missingByteCount: .max)
    #expect(counts(all) == ["a-0": 2, "b-0": 3, "c-0": 1] && all.byteCount == 115)
  }

  @Test(arguments: 0..<100) func noMoreIsGivenThanIsMissing(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let offers = try (0..<8).map { number in
      let sizes = (0..<Int(random.next() % 6)).map { _ in Int(random.next() % 100) + 1 }
      return try offer("log-\(number)", sizes)
    }
    let offered = offers.reduce(0) { $0 + $1.segments.reduce(0) { $0 + $1.byteCount } }
    let missing = Int(random.next() % 2000) + 1
    let plan = EmergencyPlan(offers, missingByteCount: missing)
    #expect(plan.byteCount >= min(missing, offered))
    // Without the last one of any log it would have been too little.
    #expect(plan.byteCount - 100 < missing)
    for offer in offers {
      let given = plan.segments[offer.partition] ?? []
      #expect(given == Array(offer.segments.prefix(given.count)))
    }
  }

  // MARK: What a log can do without

  private func view(_ change: (inout CleanerView) -> Void = { _ in }) -> CleanerView {
    var segments = (0..<5).map { number in
      CleanerSegment(
        baseOffset: Offset(rawValue: number * 10), endOffset: Offset(rawValue: number * 10 + 10),
        byteCount: 100, isActive: number == 4, maxTimestamp: .at(number))
    }
    segments[4].isActive = true
    var view = CleanerView(segments: segments, start: 0, end: 50, now: .at(100))
    change(&view)
    return view
  }

  private func spare(_ policy: (any CleanerPolicy)?, _ view: CleanerView) -> [Offset] {
    view.spare(before: policy?.firstNeeded(in: view)).map(\.baseOffset)
  }

  @Test func whatIsNeededStays() {
    #expect(spare(nil, view()) == [0, 10, 20, 30])
    #expect(spare(nil, view { $0.deletableEnd = 25 }) == [0, 10])
    #expect(spare(nil, view { $0.segments[2].isPinned = true }) == [0, 10])
    #expect(spare(.delete(beyondBytes: 300), view()) == [0, 10, 20, 30])
    let keeping = RetentionPolicy(byteCount: 100)
    #expect(spare(keeping.keeping(records: 15), view()) == [0, 10, 20])
    #expect(spare(keeping.keeping(bytes: 250), view()) == [0, 10])
    #expect(spare(keeping.notBeyond { nil }, view()).isEmpty)
    #expect(spare(keeping.notBeyond { 29 }.keeping(records: 1), view()) == [0, 10])
    #expect(spare(.compact(), view()).isEmpty)
    #expect(spare(.combined(keeping, .compact()), view()).isEmpty)
    #expect(spare(.combined(keeping, keeping.notBeyond { 20 }), view()) == [0, 10])
  }
}

extension Timestamp {
  fileprivate static func at(_ milliseconds: Int64) -> Timestamp {
    Timestamp(milliseconds: milliseconds)
  }
}
