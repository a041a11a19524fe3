internal import Synchronization
internal import VarveSystem

/// The threads and the budgets that all logs of a process share.
///
/// There is one for all who do not ask for another, ``shared``. Its threads begin with the first log
/// that needs them; there are as many for a thousand logs as for one.
public final class LogRuntime: Sendable {
  /// The one that logs use which are not told otherwise.
  public static let shared = LogRuntime()

  /// Whether there are no threads.
  let isStepped: Bool
  let maintenance: MaintenanceLoop
  let workers: WorkerPool
  /// Apart from the others: a sync may take seconds.
  let syncers: WorkerPool
  /// Apart from these: somebody waits for each of their syncs.
  let committers: WorkerPool
  /// Apart from all of these: they make files for tasks that append, and may wait for any of these.
  let wayMakers: WorkerPool
  /// Apart from all of these: a compaction takes as long as it takes to read a log.
  let compactors: WorkerPool
  /// How fast compactions read and write, all of them together; nil for as fast as they can.
  let compactionBucket: Lock<TokenBucket?>
  /// Apart from all of these: to go through a log takes as long as it takes to read it.
  let verifiers: WorkerPool
  /// How fast scrubbers read, all of them together; nil for as fast as they can.
  let verifyingBucket: Lock<TokenBucket?>
  let transfers: TransferLoop
  let pipes = PipePool(limit: LogLimits.pipeCount, capacity: LogLimits.pipeByteCount)
  let segments: SegmentCache
  let tails: OpenTails
  let preparation: PreparationBudget
  let decompressors = DecompressorPool()
  /// What waits to be let go of.
  private let reapedCount = Atomic<Int>(0)

  /// Threads and budgets of their own.
  ///
  /// - Parameters:
  ///   - preparationByteCount: How many bytes may be ready ahead of the ends of all logs.
  ///   - compactionBytesPerSecond: How many bytes compactions may read and write, all together; nil for
  ///     any number. `log.cleaner.io.max.bytes.per.second`
  ///   - verifyingBytesPerSecond: How many bytes scrubbers may read, all together; nil for any number. See
  ///     ``LogConfiguration/scrubInterval``.
  public convenience init(
    preparationByteCount: Int = 256 << 20, compactionBytesPerSecond: Int? = nil,
    verifyingBytesPerSecond: Int? = 16 << 20
  ) {
    self.init(
      preparationByteCount: preparationByteCount, time: SystemClock(), isStepped: false,
      openFileCount: Self.openFileCount, compactionBytesPerSecond: compactionBytesPerSecond,
      verifyingBytesPerSecond: verifyingBytesPerSecond)
  }

  /// Without threads: what threads would do is done by ``step()``, and what callers would wait for,
  /// on the spot.
  package convenience init(
    steppedBy time: any TimeSource, compactionBytesPerSecond: Int? = nil,
    verifyingBytesPerSecond: Int? = nil
  ) {
    self.init(
      preparationByteCount: LogLimits.preparationBudget, time: time, isStepped: true,
      openFileCount: LogLimits.openFileCount.lowerBound,
      compactionBytesPerSecond: compactionBytesPerSecond,
      verifyingBytesPerSecond: verifyingBytesPerSecond)
  }

  /// Of so few open ends that a test can have more.
  convenience init(openTailCount: Int) {
    self.init(
      preparationByteCount: LogLimits.preparationBudget, time: SystemClock(), isStepped: false,
      openFileCount: openTailCount * LogLimits.openTailShare, compactionBytesPerSecond: nil,
      verifyingBytesPerSecond: nil)
  }

  private init(
    preparationByteCount: Int, time: any TimeSource, isStepped: Bool, openFileCount: Int,
    compactionBytesPerSecond: Int?, verifyingBytesPerSecond: Int?
  ) {
    self.isStepped = isStepped
    maintenance = MaintenanceLoop(time: time, isStepped: isStepped)
    workers = WorkerPool(limit: LogLimits.workerCount, isInline: isStepped)
    syncers = WorkerPool(named: "varve-sync", limit: LogLimits.syncerCount, isInline: isStepped)
    committers = WorkerPool(
      named: "varve-commit", limit: LogLimits.committerCount, isInline: isStepped)
    wayMakers = WorkerPool(
      named: "varve-append", limit: LogLimits.wayMakerCount, isInline: isStepped)
    compactors = WorkerPool(
      named: "varve-compact", limit: LogLimits.compactorCount, isInline: isStepped)
    compactionBucket = Lock(compactionBytesPerSecond.map { TokenBucket(bytesPerSecond: $0) })
    verifiers = WorkerPool(
      named: "varve-verify", limit: LogLimits.verifierCount, isInline: isStepped)
    verifyingBucket = Lock(verifyingBytesPerSecond.map { TokenBucket(bytesPerSecond: $0) })
    transfers = TransferLoop(isInline: isStepped)
    segments = SegmentCache(
      byteCount: LogLimits.indexCacheByteCount, fileCount: openFileCount)
    tails = OpenTails(limit: max(1, openFileCount / LogLimits.openTailShare))
    preparation = PreparationBudget(byteCount: preparationByteCount)
  }

  /// The rest of what the process may have open is the host's.
  private static var openFileCount: Int {
    let bounds = LogLimits.openFileCount
    let share = PosixFileSystem.openFileLimit / LogLimits.openFileShare
    return min(max(share, bounds.lowerBound), bounds.upperBound)
  }

  deinit {
    maintenance.stop()
    workers.stop()
    syncers.stop()
    committers.stop()
    wayMakers.stop()
    compactors.stop()
    verifiers.stop()
    transfers.stop()
  }

  /// Looks after one log that waits for it or is due; false if there is none.
  @discardableResult
  package func step() -> Bool { maintenance.step() }

  /// When the next log is due; nil if none is.
  package var nextDeadline: Int64? { maintenance.nextDeadline }

  /// Lets go of something where that may take time: giving back the last reference to a file
  /// without a name frees its space.
  ///
  /// What waits has its files open, and nobody counts these any more: so where too much does, whoever has
  /// something to give back takes that time himself.
  ///
  /// Whoever keeps it until this returns may still be the last to let go of it: the thread that does may be
  /// quick. So it is best consumed.
  func reap<Parts: Sendable>(_ parts: consuming Parts) {
    let reaped = Reaped(consume parts)
    reap(by: { reaped.letGo() })
  }

  /// The same for what a call lets go of.
  func reap(by letGo: @escaping @Sendable () -> Void) {
    let (others, _) = reapedCount.add(1, ordering: .relaxed)
    guard others < LogLimits.reapedCount else {
      reapedCount.subtract(1, ordering: .relaxed)
      return letGo()
    }
    workers.perform { [self] in
      letGo()
      reapedCount.subtract(1, ordering: .relaxed)
    }
  }
}

/// What is to be let go of by the thread that says so, though others have had a hand in that.
private final class Reaped<Parts: Sendable>: Sendable {
  private let parts: Lock<Parts?>

  init(_ parts: consuming Parts) { self.parts = Lock(consume parts) }

  func letGo() {
    let parts = parts.withLock { $0.take() }
    withExtendedLifetime(parts) {}
  }
}
