/// How a log is kept. The defaults suit a small server.
///
/// Kafka's name for a setting, where it has one, stands behind its description.
public struct LogConfiguration: Hashable, Sendable {
  /// How large a segment may become. A batch is never split, so this is also the most that one
  /// append may take. `segment.bytes`
  public var segmentByteCount = 128 << 20

  /// How old a segment may become before the log goes on in a new one. `segment.ms`
  public var segmentAge: Duration = .seconds(7 * 86_400)

  /// By how much, at random, a segment's age may fall short, so that many logs do not all roll at
  /// once. `segment.jitter.ms`
  public var segmentAgeJitter: Duration = .zero

  /// How many bytes of log there are to an entry of its indexes. `index.interval.bytes`
  public var indexIntervalByteCount = 4096

  /// How large each index of a segment may become. `segment.index.bytes`
  public var indexByteCount = 10 << 20

  /// The largest batch. `max.message.bytes`
  public var maximumBatchByteCount = 1_048_588

  /// Whose time a record carries: its producer's, or that of the log when it took it in.
  /// `message.timestamp.type`
  public var timestampType: TimestampType = .createTime

  /// How far a producer's time may lie behind the log's clock; nil for any distance.
  /// `message.timestamp.before.max.ms`
  public var maximumTimestampAge: Duration?

  /// How far a producer's time may lie ahead of the log's clock; nil for any distance.
  /// `message.timestamp.after.max.ms`
  public var maximumTimestampLead: Duration?

  /// Whether a record must have a key, as in a log that is compacted by keys.
  public var requiresKeys = false

  /// When records are brought to the device that nobody waits for.
  public var syncPolicy: SyncPolicy = .atRoll

  /// How bytes reach the end of the log.
  public var tailWriter: TailWriter = .automatic

  /// How many bytes are kept ready for stores ahead of the end, however little is written; the
  /// runtime's budget bounds them. Without this a log that is written to now and then has little
  /// ready, and one that is not written to has nothing.
  public var preparedByteCount = 0

  /// After what time without a word an idempotent producer is forgotten, unless a transaction of its
  /// is open. Kafka goes by the records' own times; here who sends old ones is not forgotten while it
  /// does. `producer.id.expiration.ms`
  public var producerExpiration: Duration = .seconds(86_400)

  /// How many idempotent producers are remembered, at 64 to 160 bytes each. Where one more comes, one
  /// that has been silent for long is forgotten, and what it sends again is not recognised; where all
  /// have transactions open, the new one is refused.
  public var maximumProducerCount = 100_000

  /// What decides which segments may go; nil for none, and then all is kept.
  public var cleaner: (any CleanerPolicy)? {
    get { cleanerBox?.policy }
    set { cleanerBox = newValue.map { CleanerBox($0) } }
  }

  private var cleanerBox: CleanerBox?

  /// How often it is asked; sooner, where as much was appended as half of what is free of the disk.
  /// `log.retention.check.interval.ms`
  public var cleaningInterval: Duration = .seconds(300)

  /// Whether the log gives up its oldest segments, beyond what ``cleaner`` would remove, while the disk of
  /// its ``LogStore`` is low: see ``LogStoreConfiguration/diskWatermarks``. Off by default, for it deletes
  /// records. What the policy needs stays: ``CleanerPolicy/firstNeeded(in:)``.
  public var allowsEmergencyRetention = false

  /// From when on the log's disk counts as low, and what is left free of it.
  public var diskWatermarks = DiskWatermarks()

  /// How often all segments at rest are gone through and compared with what they were, beside all else
  /// and no faster than the runtime's `verifyingBytesPerSecond`; nil for never. See ``Log/lastScrub``.
  public var scrubInterval: Duration?

  /// What is told of the log's life.
  public var observer: (any LogObserver)? {
    get { observerBox.observer }
    set { observerBox = ObserverBox(observer: newValue) }
  }

  private var observerBox = ObserverBox(observer: nil)

  /// The defaults.
  public init() {}
}

extension LogConfiguration {
  /// How bytes reach the end of the log. What is on disk is the same.
  public enum TailWriter: Hashable, Sendable {
    /// ``mapped`` where that is safe, and ``positional`` elsewhere.
    case automatic
    /// By stores into a mapping of the segment. On file systems where space that was reserved may
    /// turn out to be missing, and where the host has replaced the handler that this needs, the log
    /// writes in the other way all the same.
    case mapped
    /// By a system call for each append. No signal handler is installed for such a log.
    case positional
  }

  /// A policy is who it was when it was set, for the same reason as an observer.
  private final class CleanerBox: Hashable, Sendable {
    let policy: any CleanerPolicy

    init(_ policy: any CleanerPolicy) { self.policy = policy }

    static func == (left: CleanerBox, right: CleanerBox) -> Bool { left === right }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
  }

  /// An observer is who it is, so that configurations can be compared.
  private struct ObserverBox: Hashable, Sendable {
    let observer: (any LogObserver)?

    static func == (left: ObserverBox, right: ObserverBox) -> Bool {
      left.observer === right.observer
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(observer.map { ObjectIdentifier($0) })
    }
  }
}

extension LogConfiguration {
  /// Refuses what cannot be, and says why.
  func validate() throws(LogError) {
    let sizes = LogLimits.minimumSegmentByteCount...LogLimits.maximumSegmentByteCount
    guard sizes.contains(segmentByteCount) else {
      throw invalid("segmentByteCount is \(segmentByteCount), and must be one of \(sizes)")
    }
    let batches = FormatLimits.batchHeaderByteCount...segmentByteCount
    // A default that is larger than a small segment is no mistake of the user's.
    guard batches.contains(min(maximumBatchByteCount, segmentByteCount)) else {
      throw invalid(
        "maximumBatchByteCount is \(maximumBatchByteCount), and must be one of \(batches)")
    }
    guard indexIntervalByteCount >= 0, indexIntervalByteCount <= Int(Int32.max) else {
      throw invalid(
        "indexIntervalByteCount is \(indexIntervalByteCount), and must not be negative")
    }
    guard (TimeIndexEntry.byteCount * 2...Int(Int32.max)).contains(indexByteCount) else {
      throw invalid(
        "indexByteCount is \(indexByteCount), and must hold \(TimeIndexEntry.byteCount * 2)")
    }
    guard segmentAge > .zero else {
      throw invalid("segmentAge is \(segmentAge), and must be positive")
    }
    guard segmentAgeJitter >= .zero, segmentAgeJitter < segmentAge || segmentAgeJitter == .zero
    else {
      throw invalid("segmentAgeJitter is \(segmentAgeJitter), and must be less than segmentAge")
    }
    guard cleaningInterval > .zero else {
      throw invalid("cleaningInterval is \(cleaningInterval), and must be positive")
    }
    guard diskWatermarks.lowByteCount >= 0, diskWatermarks.reservedByteCount >= 0,
      (0...1).contains(diskWatermarks.lowFraction)
    else { throw invalid("diskWatermarks are negative, or more than all of the disk") }
    guard scrubInterval ?? .seconds(1) > .zero else {
      throw invalid("scrubInterval must be positive")
    }
    guard preparedByteCount >= 0 else {
      throw invalid("preparedByteCount is \(preparedByteCount), and must not be negative")
    }
    guard syncPolicy.recordCount ?? 1 > 0, syncPolicy.interval ?? .seconds(1) > .zero else {
      throw invalid("syncPolicy has a record count or an interval that is not positive")
    }
    guard producerExpiration > .zero else {
      throw invalid("producerExpiration is \(producerExpiration), and must be positive")
    }
    guard (1...FormatLimits.maximumSnapshotEntryCount).contains(maximumProducerCount) else {
      throw invalid("maximumProducerCount is \(maximumProducerCount), and must be positive")
    }
    for (name, limit) in [
      ("maximumTimestampAge", maximumTimestampAge), ("maximumTimestampLead", maximumTimestampLead),
    ] {
      guard limit ?? .zero >= .zero else { throw invalid("\(name) must not be negative") }
    }
  }

  private func invalid(_ text: String) -> LogError {
    LogError(.invalidArgument, "the configuration cannot be: \(text)")
  }
}

extension Duration {
  /// Whole milliseconds, bounded by what 64 bits hold.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    let (sum, carried) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
    return carried ? (seconds < 0 ? .min : .max) : sum
  }
}
