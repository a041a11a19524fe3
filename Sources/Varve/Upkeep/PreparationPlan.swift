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
    /// Whether a further segment may be begun: not while too many wait for their final form.
    var mayMakeSpare = true
  }

  enum Step: Hashable, Sendable {
    case allocate(to: Int)
    case populate(Range<Int>)
    case makeSpare
    case allocateSpare(to: Int)
    case populateSpare(Range<Int>)

    /// Whether there is less room on the disk then.
    var takesSpace: Bool {
      switch self {
      case .allocate, .allocateSpare, .makeSpare: true
      case .populate, .populateSpare: false
      }
    }
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
  var needsSpare: Bool { facts.position > sparePosition }

  /// Behind which the next segment is made.
  private var sparePosition: Int {
    facts.segmentByteCount - facts.rate.byteCount(in: LogLimits.allocatedNanoseconds)
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
    guard let spare = facts.spare else { return facts.mayMakeSpare ? .makeSpare : nil }
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

  /// The next piece of pages to bring in. Small ones are left until they are worth a call.
  private func missing(_ extent: Extent, from position: Int, ahead: Int) -> Range<Int>? {
    let start = max(extent.populatedEnd, position)
    let end = min(extent.allocatedEnd, position + ahead)
    guard start < end, position + ahead - start > slack else { return nil }
    return start..<min(end, start + LogLimits.preparationPieceByteCount)
  }

  private var slack: Int { min(populatedAhead / 4, LogLimits.preparationPieceByteCount) }
}

// MARK: When to look again

extension PreparationPlan {
  /// The position behind which an append is to wake maintenance: where half of what was made ready
  /// is used up. There is something to do behind it, or each append would wake maintenance in vain,
  /// which costs more than all else that an append does.
  var wakePosition: Int {
    [wakeToAllocate, wakeToPopulate, wakeForSpare].lazy.compactMap(\.self).min() ?? .max
  }

  private var wakeToAllocate: Int? {
    guard facts.isMapped || facts.allocates,
      facts.current.allocatedEnd < facts.segmentByteCount
    else { return nil }
    return facts.current.allocatedEnd - allocatedAhead / 2
  }

  private var wakeToPopulate: Int? {
    guard facts.isMapped, populatedAhead > 0,
      facts.current.populatedEnd < facts.current.allocatedEnd
    else { return nil }
    return facts.current.populatedEnd - populatedAhead / 2
  }

  private var wakeForSpare: Int? {
    guard let spare = facts.spare else { return facts.mayMakeSpare ? sparePosition : nil }
    let wanted = min(spare.allocatedEnd, populatedAhead)
    guard facts.isMapped, spare.populatedEnd + populatedAhead / 2 < wanted else { return nil }
    let position = facts.segmentByteCount - 2 * populatedAhead
    return max(sparePosition, position + spare.populatedEnd + populatedAhead / 2)
  }
}
