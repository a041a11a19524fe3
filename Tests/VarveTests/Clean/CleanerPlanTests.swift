import Testing
import Varve

/// What a log does with what a policy wants.
@Suite struct CleanerPlanTests {
  private let view = CleanerView(
    segments: [
      CleanerSegment(baseOffset: 5, endOffset: 10, byteCount: 100),
      CleanerSegment(baseOffset: 10, endOffset: 20, byteCount: 100),
      CleanerSegment(baseOffset: 20, endOffset: 30, byteCount: 100, isActive: true),
    ], start: 7, end: 30, deletableEnd: 25,
    now: Timestamp(rawValue: 0))

  @Test func whatIsThereMayGo() {
    let plan = CleanerPlan([.delete(below: 10), .delete(below: 21)], for: view)
    #expect(plan.deletesBelow == 21)
    #expect(plan.refusals.isEmpty)
    #expect(plan.deleted(from: view).map(\.baseOffset) == [5, 10])
  }

  @Test func nothingIsNothing() {
    #expect(CleanerPlan([], for: view).isEmpty)
    #expect(CleanerPlan([], for: view).deleted(from: view).isEmpty)
  }

  /// Lies are refused, one by one, and what was right beside them is done.
  @Test(arguments: [
    CleanerAction.delete(below: 9), .delete(below: 0), .delete(below: 26), .delete(below: 31),
    .delete(below: Offset(rawValue: .max)), .delete(below: Offset(rawValue: .min)),
  ])
  func liesAreRefused(_ action: CleanerAction) {
    let plan = CleanerPlan([action, .delete(below: 10)], for: view)
    #expect(plan.refusals.map(\.action) == [action])
    #expect(plan.refusals.allSatisfy { !$0.reason.isEmpty })
    #expect(plan.deletesBelow == 10)
  }

  @Test func theSegmentThatIsBeingWrittenGoesWithARollOnly() {
    var view = view
    view.deletableEnd = 30
    let alone = CleanerPlan([.delete(below: 30)], for: view)
    #expect(alone.deletesBelow == 20)
    #expect(alone.refusals.count == 1)
    let rolled = CleanerPlan([.roll, .delete(below: 30)], for: view)
    #expect(rolled.deletesBelow == 30)
    #expect(rolled.deleted(from: view).count == 3)
    view.segments.removeFirst(2)
    #expect(CleanerPlan([.delete(below: 30)], for: view).isEmpty)
  }

  @Test func anEmptySegmentIsNotRolled() {
    var view = view
    view.segments[2].byteCount = 0
    view.segments[2].endOffset = 20
    view.end = 20
    let plan = CleanerPlan([.roll], for: view)
    #expect(plan.isEmpty)
    #expect(plan.refusals.map(\.action) == [.roll])
  }
}
