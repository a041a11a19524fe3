internal import Synchronization
internal import VarveSystem

/// A durable, ordered, append-only log in a directory of its own, in Apache Kafka's format.
///
/// ```swift
/// let log = try await Log.open(at: "data/orders-0")
/// let receipt = try log.append(Record(key: "user-7", value: "paid"))
/// for try await batch in log.tail(from: .earliest) { … }
/// try await log.close()
/// ```
///
/// Any thread or task may call anything, but for what is marked `noasync`, which may wait for a
/// device. Appends go one after the other, each at the place behind the one before; readers never
/// wait for them.
public final class Log: Sendable {
  /// How a log is opened.
  public enum Mode: Hashable, Sendable {
    /// To append and to read. One may at a time, in all processes: see ``LogError/Code/locked``.
    case readWrite
    /// To read what another process writes, or wrote. Takes no lock, writes and repairs nothing.
    case readOnly
  }

  /// Where its files lie.
  public let directory: String
  /// How it is kept.
  public let configuration: LogConfiguration
  /// Whether it takes appends.
  public let mode: Mode
  /// What opening it found that was not as a close leaves it; nil where all was.
  public let recovery: RecoveryReport?

  /// Whether somebody else had written it before it was opened.
  let isForeign: Bool
  /// The largest batch that it takes.
  let maximumByteCount: Int
  /// Whether the file system can tell what lies in memory.
  let knowsResidency: Bool
  let environment: LogEnvironment
  let runtime: LogRuntime
  let clock: TailClock
  /// How it is written, once file system and process have been asked.
  let chosenTailWriter: LogConfiguration.TailWriter
  /// Whether space that is allocated there is kept.
  let keepsAllocations: Bool
  let maintenance = MaintenanceTicket()
  /// Whoever does not hold it any more changes no file. Given back under `sealing`.
  let directoryLock: DirectoryLock?

  // Lock order: compacting, examining, upkeep, sealing, syncing, tail, table, waiters.
  /// What maintenance knows. Held while it waits for devices.
  let upkeep: Lock<Upkeep>
  /// Held while segments get their final form, and for as long as that takes.
  let sealing = Lock<Void>(())
  /// Held while bytes of the log are synced. What the first sync met with that failed: none comes after it.
  let syncing = Lock<SystemError?>(nil)
  /// What opening may go by; nil for a log that is only read.
  let sideFile: SideFile?
  /// Who has led the log, and from where to where. Under `tail`, or alone.
  let epochs: EpochLedger
  let sealQueue = SealQueue()
  /// Segments that have their final form, and were not synced.
  let unsyncedSeals = Lock<[SealJob]>([])
  /// Indexes that were found wrong and built anew, until they have been written.
  let indexRewrites = Lock<[IndexRewrite]>([])
  /// The end of the log. Held for an append, and for nothing that waits for a device.
  let tail: Lock<TailState>
  /// Where tasks wait whose appends lack something.
  let wayMaking = WayMaking()
  /// The segments.
  let table: SegmentTable

  let publishedEnd: Atomic<Int64>
  /// Where the oldest open transaction begins; the greatest number where none is open.
  let firstUnstable: Atomic<Int64>
  /// Which transactions came to nothing.
  let aborted: AbortedTransactions
  /// How far the log is on the device, and who waits for that.
  let commits: CommitQueue
  let waiters = TailWaiters()
  /// Up to where it is replicated.
  let watermark: HighWatermark
  let pins = PinTable()
  let meters = LogMeters()
  let cleaning: Lock<CleaningState>
  /// Held by whoever compacts the log, and for as long as that takes.
  let compacting = Lock<Void>(())
  /// Held by whoever looks through a segment that is doubted.
  let examining = Lock<Void>(())
  let scrubbing = Lock(ScrubbingState())
  let space: Lock<SpaceWatch>
  /// The numbers of spares that are not needed any more, and whose files are still there.
  let discarded = Lock<[Int]>([])
  /// Held by whoever removes those, and for as long as that takes.
  let discarding = Lock<Void>(())
  private let outbox: EventOutbox<LogEvent>?
  let buffers = BufferPool()

  init(_ opened: consuming OpenedLog, runtime: LogRuntime) {
    directory = opened.directory
    configuration = opened.configuration
    maximumByteCount = min(
      opened.configuration.maximumBatchByteCount, opened.configuration.segmentByteCount)
    knowsResidency = opened.knowsResidency
    environment = opened.environment
    mode = opened.mode
    recovery = opened.report
    isForeign = opened.isForeign
    self.runtime = runtime
    let (path, workers) = (opened.directory, runtime.workers)
    outbox = opened.configuration.observer.map { observer in
      EventOutbox(workers: workers) { observer.log(at: path, did: $0) }
    }
    clock = TailClock(opened.environment)
    publishedEnd = Atomic(opened.tail.nextOffset)
    firstUnstable = Atomic(
      opened.tail.producers.openTransactions.first?.firstOffset.rawValue ?? .max)
    aborted = opened.aborted
    commits = CommitQueue(durable: opened.durable, gathers: !runtime.isStepped)
    table = opened.table
    cleaning = Lock(CleaningState(cleanedBelow: opened.cleanedBelow))
    watermark = HighWatermark(opened.table.startOffset)
    directoryLock = opened.lock
    chosenTailWriter = opened.tailWriter
    keepsAllocations = opened.keepsAllocations
    upkeep = Lock(
      Upkeep(nextSpareNumber: opened.nextSpareNumber))
    sideFile = opened.sideFile
    epochs = opened.epochs
    space = Lock(SpaceWatch(opened.configuration.diskWatermarks))
    tail = Lock(opened.tail)
  }

  deinit {
    runtime.segments.forget(table.current.segments)
    runtime.tails.didRest(ObjectIdentifier(self))
    // A log that was not closed may still have its share.
    upkeep.withLock { stopPreparing(&$0) }
  }
}

// MARK: Facts

extension Log {
  /// The first offset that is there.
  public var start: Offset { table.startOffset }

  /// The offset that the next record gets.
  public var end: Offset { Offset(rawValue: publishedEnd.load(ordering: .acquiring)) }

  /// Whether it was closed: nothing is appended to it any more.
  public var isClosed: Bool { waiters.ending?.code == .closed || !isKept }

  /// Its segments, oldest first, as they are now.
  public var segments: [Segment] { table.current.segments.map { Segment($0) } }

  /// Bytes of its batches.
  public var byteCount: Int {
    table.current.segments.reduce(0) { $0 + $1.published.position }
  }

  func tell(_ event: LogEvent) {
    meters.note(event) { Timestamp(milliseconds: environment.time.wallMilliseconds) }
    outbox?.add(event)
  }

  func tell(once event: LogEvent) { outbox?.add(once: event) }

  /// Lets the observer hear what there was to tell. To be called under no lock.
  func flushEvents() { outbox?.flush() }
}
