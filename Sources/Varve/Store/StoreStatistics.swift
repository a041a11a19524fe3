internal import VarveSystem

/// How a store is: of all its logs together.
public struct StoreStatistics: Hashable, Sendable {
  /// How many logs are open.
  public var logCount = 0
  /// How many do not open.
  public var failedLogCount = 0
  /// How many were deleted whose files have not gone yet.
  public var deletedLogCount = 0
  /// How many segments there are.
  public var segmentCount = 0
  /// Bytes of all batches.
  public var byteCount = 0
  /// Bytes of segments that slices keep.
  public var pinnedByteCount = 0
  /// What is left of the disk, where that is known.
  public var freeByteCount: Int?
  /// How much room there is on the disk, as it was seen last.
  public var diskState = StoreDiskState.ok
  /// Bytes of the ballast.
  public var ballastByteCount = 0
  /// Bytes that logs gave up since the store was opened, because the disk was low.
  public var emergencyByteCount = 0
  /// What they gave up last.
  public var lastEmergency: EmergencyReport?
  /// Bytes that were appended, to logs that are open still.
  public var appendedByteCount = 0
  /// How long syncs took.
  public var syncs = LatencyHistogram()
  /// How long those waited who wanted records to be durable.
  public var acknowledgements = LatencyHistogram()
  /// How long it took to send slices.
  public var sends = LatencyHistogram()
  /// How often something failed beside the calls.
  public var failureCount = 0
  /// What failed last, of each log of which something did.
  public var lastFailures: [TopicPartition: LogStatistics.Failure] = [:]

  /// Of a store of which nothing is known.
  public init() {}
}

extension LogStore {
  /// How the store is: of all its logs together, one after the other.
  public var statistics: StoreStatistics {
    var sum = StoreStatistics()
    let logs = state.withLock { state in
      sum.failedLogCount = state.failures.count
      sum.deletedLogCount = state.doomed.count
      return state.logs
    }
    sum.logCount = logs.count
    for (partition, log) in logs { sum.add(log.statistics, of: partition) }
    space.withLock { space in
      sum.diskState = space.watch.state
      sum.ballastByteCount = space.ballastByteCount
      sum.emergencyByteCount = space.emergencyByteCount
      sum.lastEmergency = space.lastEmergency
    }
    sum.freeByteCount = try? environment.fileSystem.space(at: directory).freeByteCount
    return sum
  }
}

extension StoreStatistics {
  fileprivate mutating func add(_ log: LogStatistics, of partition: TopicPartition) {
    segmentCount += log.segmentCount
    byteCount += log.byteCount
    pinnedByteCount += log.pinnedByteCount
    appendedByteCount += log.appendedByteCount
    syncs.add(log.syncs)
    acknowledgements.add(log.acknowledgements)
    sends.add(log.sends)
    failureCount += log.failureCount
    if let failure = log.lastFailure { lastFailures[partition] = failure }
  }
}
