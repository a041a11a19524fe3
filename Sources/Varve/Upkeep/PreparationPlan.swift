/// What to make ready next for the appends to come: a function of facts.
///
/// Space is allocated far ahead, so that stores cannot fail for want of it; pages are brought in
/// shortly ahead, so that stores do not wait for them; the next segment is made when the end of this
/// one is near, by time. A log to which little is written has little ready, and an idle one nothing.
struct PreparationPlan: Hashable, Sendable {
  /// How far something is ready.
  struct Extent: Hashable, Sendable {
    var allocatedEnd: Int
    var populatedEnd: Int
  }

  struct Facts: Hashable, Sendable {
    var position: Int
    var segmentByteCount: Int
    var rate: RateMeter
    /// What this log may have ready, of what all may.
    var share: Int
    /// What it is to have ready at the least, where that is no more than its share.
    var minimum = 0
    /// Whether bytes are stored, not written by calls: else only the next segment is made ready.
    var isMapped: Bool
    /// Whether space is allocated ahead of calls, too: where each append is synced, a file that need
    /// not grow for it is half the work.
    var allocates = false
    var current: Extent
    var spare: Extent?
  }

  enum Step: Hashable, Sendable {
    case allocate(to: Int)
    case populate(Range<Int>)
    case makeSpare
    case allocateSpare(to: Int)
    case populateSpare(Range<Int>)
  }

  let facts: Facts

  init(_ facts: Facts) { self.facts = facts }

  /// How many bytes are to be ready for stores.
  var populatedAhead: Int {
    let wanted = facts.rate.byteCount(in: LogLimits.preparedNanoseconds)
    let bounds = LogLimits.preparedByteCount
    let ahead = max(min(max(wanted, bounds.lowerBound), bounds.upperBound), facts.minimum)
    return min(ahead, max(facts.share, 0))
  }

  /// How many bytes are to be allocated.
  var allocatedAhead: Int {
    max(
      facts.rate.byteCount(in: LogLimits.allocatedNanoseconds), LogLimits.allocationByteCount,
      populatedAhead)
  }

  private var rest: Int { facts.segmentByteCount - facts.position }

  /// Whether the end of the segment is near.
  var needsSpare: Bool {
    rest < facts.rate.byteCount(in: LogLimits.allocatedNanoseconds)
  }

  /// The position behind which an append is to wake maintenance.
  var wakePosition: Int {
    let spareAt =
      facts.spare == nil
      ? facts.segmentByteCount - facts.rate.byteCount(in: LogLimits.allocatedNanoseconds)
      : Int.max
    guard facts.isMapped else {
      let allocated = min(facts.current.allocatedEnd, facts.segmentByteCount)
      guard facts.allocates, allocated < facts.segmentByteCount else {
        return max(facts.position, spareAt)
      }
      return max(facts.position, min(allocated - allocatedAhead / 2, spareAt))
    }
    let ready = min(facts.current.populatedEnd, facts.segmentByteCount)
    let half = ready >= facts.segmentByteCount ? Int.max : ready - populatedAhead / 2
    return max(facts.position, min(half, spareAt))
  }

  /// The next thing to do; nil where enough is ready.
  var next: Step? { nextForSegment ?? nextForSpare }

  private var nextForSegment: Step? {
    guard facts.isMapped || facts.allocates else { return nil }
    let current = facts.current
    if current.allocatedEnd < min(facts.segmentByteCount, facts.position + allocatedAhead / 2) {
      return .allocate(to: allocationEnd(from: facts.position))
    }
    guard facts.isMapped else { return nil }
    return missing(current, from: facts.position, ahead: populatedAhead).map { .populate($0) }
  }

  private var nextForSpare: Step? {
    guard needsSpare else { return nil }
    guard let spare = facts.spare else { return .makeSpare }
    guard facts.isMapped || facts.allocates else { return nil }
    let wanted = allocationEnd(from: 0)
    if spare.allocatedEnd < wanted { return .allocateSpare(to: wanted) }
    guard facts.isMapped else { return nil }
    // The spare's pages come last: those of this segment are needed first.
    let ahead = max(0, populatedAhead - max(0, rest - populatedAhead))
    return missing(spare, from: 0, ahead: ahead).map { .populateSpare($0) }
  }

  private func allocationEnd(from position: Int) -> Int {
    let piece = LogLimits.allocationByteCount
    let end = (position + allocatedAhead + piece - 1) / piece * piece
    return min(facts.segmentByteCount, end)
  }

  /// The next piece of pages to bring in.
  private func missing(_ extent: Extent, from position: Int, ahead: Int) -> Range<Int>? {
    let end = min(extent.allocatedEnd, position + ahead)
    let start = max(extent.populatedEnd, position)
    // Small pieces are left until they are worth a call.
    guard end - start > min(ahead / 4, LogLimits.preparationPieceByteCount) || start == position,
      end > start
    else { return nil }
    return start..<min(end, start + LogLimits.preparationPieceByteCount)
  }
}
