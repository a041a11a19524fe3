internal import VarveSystem

/// What is known to maintenance alone. It lies under a lock of its own, which is held while a
/// device is waited for, and which an append needs only when nothing is ready for it.
struct Upkeep: ~Copyable {
  var nextSpareNumber: Int
  var rate = RateMeter(now: 0)
  /// When something was seen to have been appended last, and how much it was by then. A log to
  /// which nothing has been appended since it was opened is idle from the start.
  var lastChange = Int64.min / 2
  var lastByteCount = 0
  /// Whether bytes are being made ready, which counts in the runtime's budget.
  var isPreparing = false
  /// Since when something has been seen to be not on the device, if anything is.
  var unsyncedSince: Int64?
  /// Until when nothing is tried after something failed.
  var pausedUntil: Int64 = .min
  var failure: LogError?
  /// When silent producers are looked for next, and among which of them, if that has begun.
  var nextExpiry = Int64.min
  var expiryPage: Int?
  /// Whether it has been told that the log is written by calls from now on.
  var hasToldFault = false

  init(nextSpareNumber: Int) {
    self.nextSpareNumber = nextSpareNumber
  }
}

/// The indexes of a segment, which are to take the place of its files.
struct IndexRewrite: Sendable {
  let segment: SegmentFile
  let index: IndexMemory
}

/// What maintenance sees of the end of the log.
struct TailSight: Sendable {
  var segment: SegmentFile
  var file: OpenFile?
  var mapping: Mapping?
  var position: Int
  /// Bytes appended since the log was opened: what the rate goes by.
  var appendedByteCount: Int
  var facts: RollRule.Facts
  var extent: PreparationPlan.Extent
  var spare: PreparationPlan.Extent?
  var hasFaulted: Bool
  /// Whether the log's syncs speak for calls.
  var prefersCalls: Bool
  var isRefusing: Bool
  /// The offset of the next record, and from where on a sync is due.
  var nextOffset: Offset
  var syncOffset: Int64
}
