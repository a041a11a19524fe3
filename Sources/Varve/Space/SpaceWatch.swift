/// What is known of the room that a log has: facts in, a state out.
///
/// A full disk ends when an append succeeds, or when more is free than when it was met. How much is free
/// says nothing of a quota, so that alone does not end it.
struct SpaceWatch: Hashable, Sendable {
  /// What is seen of the disk and of the log.
  struct Sight: Hashable, Sendable {
    var freeByteCount: Int
    var totalByteCount: Int
    /// How often a write has met with a full disk.
    var failureCount: Int
    /// The log's end.
    var end: Int64
  }

  let watermarks: DiskWatermarks
  private(set) var state = DiskState.ok
  private var failureCount = 0
  /// As it was when a full disk was met last, while that lasts.
  private var failure: Sight?
  /// As it was seen last.
  private var last: Sight?

  init(_ watermarks: DiskWatermarks) { self.watermarks = watermarks }

  /// Whether it is worth looking at the disk.
  func mustLook(failureCount: Int) -> Bool { state != .ok || failureCount != self.failureCount }

  /// Takes note of what is seen; true if that changes the state.
  mutating func see(_ sight: Sight) -> Bool {
    if sight.failureCount != failureCount {
      failureCount = sight.failureCount
      failure = sight
    } else if let met = failure, sight.end > met.end || sight.freeByteCount > met.freeByteCount {
      failure = nil
    }
    let before = state
    last = sight
    state = judge(sight)
    return state != before
  }

  private func judge(_ sight: Sight) -> DiskState {
    if failure != nil || sight.freeByteCount < watermarks.reservedByteCount { return .writeBlocked }
    return isBelow(low: 1, sight) ? .low : .ok
  }

  /// Whether less is free than a part of what counts as low.
  private func isBelow(low part: Double, _ sight: Sight) -> Bool {
    let low = max(
      Double(watermarks.lowByteCount), Double(sight.totalByteCount) * watermarks.lowFraction)
    return Double(sight.freeByteCount) < part * low
  }

  /// How much was free when the disk was seen last.
  var freeByteCount: Int? { last?.freeByteCount }

  /// Whether that was less than half of what counts as low.
  var isScarce: Bool { last.map { isBelow(low: 0.5, $0) } ?? false }

  /// Whether a segment may be begun.
  func mayBegin(withFree freeByteCount: Int) -> Bool {
    freeByteCount >= watermarks.reservedByteCount
  }
}
