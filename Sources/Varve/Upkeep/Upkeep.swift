internal import VarveSystem

/// What is known to maintenance alone. It lies under a lock of its own, which is held while a
/// device is waited for, and which an append needs only when nothing is ready for it.
struct Upkeep: ~Copyable {
  var nextSpareNumber: Int
  var rate = RateMeter(now: 0)
  /// What the rate goes by: bytes appended since the log was opened.
  var sealedByteCount = 0
  /// When the position was seen to change last, and which it was.
  var lastChange: Int64 = 0
  var lastPosition = -1
  /// Whether bytes are being made ready, which counts in the runtime's budget.
  var isPreparing = false
  /// Until when nothing is tried after something failed.
  var pausedUntil: Int64 = .min
  var failure: LogError?
  /// Whether it has been told that the log is written by calls from now on.
  var hasToldFault = false

  init(nextSpareNumber: Int) {
    self.nextSpareNumber = nextSpareNumber
  }
}

/// What maintenance sees of the end of the log.
struct TailSight: Sendable {
  var segment: SegmentFile
  var file: OpenFile?
  var mapping: Mapping?
  var position: Int
  var facts: RollRule.Facts
  var extent: PreparationPlan.Extent
  var spare: PreparationPlan.Extent?
  var hasFaulted: Bool
  var isRefusing: Bool
}
