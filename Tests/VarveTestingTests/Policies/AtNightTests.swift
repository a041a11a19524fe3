import Testing
import Varve
import VarveTesting

/// Lets another policy remove segments at night only, unless the disk runs short.
struct AtNight: CleanerPolicy {
  let policy: any CleanerPolicy
  /// Hours of the day, by UTC.
  let hours: Range<Int64>
  let urgentBelowBytes: Int

  func plan(_ view: CleanerView) throws -> [CleanerAction] {
    let hour = view.now.rawValue / 3_600_000 % 24
    let isUrgent = view.freeByteCount.map { $0 < urgentBelowBytes } ?? false
    return isUrgent || hours.contains(hour) ? try policy.plan(view) : []
  }

  func firstNeeded(in view: CleanerView) -> Offset? { policy.firstNeeded(in: view) }
}

/// The policy of the article "Cleaner policies", as its author would test it.
@Suite struct AtNightTests {
  private let policy = AtNight(
    policy: .delete(beyondBytes: 0), hours: 2..<5, urgentBelowBytes: 1 << 30)

  @Test func keepsToTheRules() throws {
    #expect(try PolicyCheck(seed: 1).findings(of: policy).isEmpty)
  }

  @Test func removesAtNightOrInNeed() throws {
    let view = CleanerView(
      segments: [
        CleanerSegment(baseOffset: 0, endOffset: 10, byteCount: 1000),
        CleanerSegment(baseOffset: 10, endOffset: 20, byteCount: 1000, isActive: true),
      ], start: 0, end: 20, now: Timestamp(milliseconds: 0))
    func actions(atHour hour: Int64, free: Int?) throws -> [CleanerAction] {
      var view = view
      view.now = Timestamp(milliseconds: (24 * 20_000 + hour) * 3_600_000 + 1)
      view.freeByteCount = free
      return try policy.plan(view)
    }
    for hour: Int64 in [0, 1, 5, 12, 23] {
      #expect(try actions(atHour: hour, free: nil).isEmpty)
      #expect(try actions(atHour: hour, free: 1 << 30).isEmpty)
      #expect(try !actions(atHour: hour, free: (1 << 30) - 1).isEmpty)
    }
    for hour: Int64 in [2, 3, 4] { #expect(try !actions(atHour: hour, free: nil).isEmpty) }
  }
}
