internal import VarveSystem

/// How a log is, and what it has done since it was opened: to be read now and then, and shown.
public struct LogStatistics: Hashable, Sendable {
  /// Something that failed beside the calls.
  public struct Failure: Hashable, Sendable {
    /// What failed.
    public var error: LogError
    /// When that was.
    public var time: Timestamp
  }

  // MARK: As it is

  /// The first offset that is there.
  public var start: Offset = 0
  /// The offset of the next record.
  public var end: Offset = 0
  /// The first offset that may not be on the device.
  public var durableEnd: Offset = 0
  /// Up to where it is replicated.
  public var highWatermark: Offset = 0
  /// Up to where no transaction is open.
  public var lastStableOffset: Offset = 0
  /// How many segments it has.
  public var segmentCount = 0
  /// Bytes of its batches.
  public var byteCount = 0
  /// Bytes of segments that slices keep, and how many slices do.
  public var pinnedByteCount = 0
  /// How many slices are held.
  public var sliceCount = 0
  /// How its cleaning goes.
  public var cleaning = CleanerStatus()

  // MARK: Since it was opened

  /// Bytes that were appended.
  public var appendedByteCount = 0
  /// How long syncs took.
  public var syncs = LatencyHistogram()
  /// How many failed.
  public var syncFailureCount = 0
  /// How long those waited who wanted records to be durable. Nobody measures how long an append takes that
  /// waits for nothing: to look at the clock twice would take as long.
  public var acknowledgements = LatencyHistogram()
  /// How long it took to send slices.
  public var sends = LatencyHistogram()
  /// Which way bytes went that were sent.
  public var transfers = TransferStatistics()
  /// How often it went on in a new segment.
  public var rollCount = 0
  /// How many segments got their final form.
  public var sealCount = 0
  /// How often an index was found wrong, and built anew.
  public var wrongIndexCount = 0
  /// How often something failed beside the calls.
  public var failureCount = 0
  /// What failed last.
  public var lastFailure: Failure?

  /// Of a log of which nothing is known.
  public init() {}
}

extension Log {
  /// How the log is, and what it has done since it was opened. It takes microseconds, and holds up nobody.
  public var statistics: LogStatistics {
    var statistics = LogStatistics()
    let segments = segments
    statistics.segmentCount = segments.count
    statistics.byteCount = segments.reduce(0) { $0 + $1.byteCount }
    (statistics.start, statistics.end) = (start, end)
    statistics.durableEnd = durableEnd
    statistics.highWatermark = highWatermark
    statistics.lastStableOffset = lastStableOffset
    for pinned in pinnedSegments {
      statistics.pinnedByteCount += pinned.byteCount
      statistics.sliceCount += pinned.sliceCount
    }
    statistics.cleaning = cleanerStatus
    statistics.appendedByteCount = tail.withLock { $0.appendedByteCount }
    meters.fill(&statistics)
    return statistics
  }
}
