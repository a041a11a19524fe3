/// How often a log is synced, and which way of writing its end that speaks for: a function of facts.
///
/// To store into a mapping is the fastest way, and the worst to sync: a store marks a whole folio of
/// the page cache dirty, and pages are brought in ahead of the end, which dirties them, so a sync of a
/// few KiB may write a megabyte. What a call writes is all that a sync of it writes.
struct SyncHabit: Hashable, Sendable {
  /// Whether the log is to be written by calls, where it could be written by stores.
  private(set) var prefersCalls = false
  /// Bytes that had been appended when the log was synced last.
  private var syncedByteCount = 0
  private var smallCount = 0
  /// Of the segment that is written now.
  private var syncCount = 0
  private var segmentStart = 0

  /// Takes note of a sync of a log to which so many bytes have been appended since it was opened.
  /// Where syncs turn out to be frequent, the log changes at once: each further one would cost.
  mutating func noteSync(byteCount: Int) {
    let isSmall = byteCount - syncedByteCount < LogLimits.mappedSyncByteCount
    syncedByteCount = byteCount
    syncCount += 1
    smallCount = isSmall ? smallCount + 1 : 0
    if smallCount >= LogLimits.frequentSyncCount { prefersCalls = true }
  }

  /// A new segment begins. The way back is taken here alone, so that no file is written by turns.
  mutating func noteRoll(byteCount: Int) {
    let perSync = (byteCount - segmentStart) / max(1, syncCount)
    prefersCalls = syncCount > 0 && perSync < LogLimits.mappedSyncByteCount
    (syncCount, segmentStart) = (0, byteCount)
  }
}
