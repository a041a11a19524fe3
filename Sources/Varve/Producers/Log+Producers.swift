internal import Synchronization
internal import VarveSystem

extension Log {
  /// Up to where it is known of all records whether they count: the first offset of the oldest
  /// transaction that is open, or ``end``; where somebody replicates the log, no more than
  /// ``highWatermark``, and before a transaction whose marker lies behind that.
  public var lastStableOffset: Offset {
    // The end first. A transaction that began below it has been told by then.
    let end = watermark.isKnown ? highWatermark : end
    let stable = min(end, Offset(rawValue: firstUnstable.load(ordering: .sequentiallyConsistent)))
    // What a transaction began with may have been deleted.
    return max(start, stable)
  }

  /// For whoever has begun to wait, see ``hasGrown(beyond:)``.
  func hasStableGrown(beyond offset: Offset) -> Bool {
    hasGrown(beyond: offset) && lastStableOffset > offset
  }

  /// What is known of idempotent producers now, by their ids: as a snapshot of theirs would have it.
  public var producers: ProducerSnapshot { tail.withLock { $0.producers.frozen }.snapshot }

  /// The transactions that came to nothing and of which readers of some offsets would meet records, in
  /// the order of their markers.
  ///
  /// - Throws: ``LogError/Code/corrupt`` and ``LogError/Code/device``, where a transaction index cannot
  ///   be read.
  @available(*, noasync, message: "an index is read from the device; use the async form")
  public func abortedTransactions(
    in offsets: Range<Offset>
  ) throws(LogError) -> [AbortedTransaction] {
    try findAborted(in: offsets)
  }

  /// The transactions that came to nothing and of which readers of some offsets would meet records, in
  /// the order of their markers.
  public func abortedTransactions(
    in offsets: Range<Offset>
  ) async throws(LogError) -> [AbortedTransaction] {
    try await runtime.workers.run { () throws(LogError) in try self.findAborted(in: offsets) }
  }

  func findAborted(in offsets: Range<Offset>) throws(LogError) -> [AbortedTransaction] {
    try aborted.overlapping(offsets, from: table.floor(of: offsets.lowerBound).baseOffset)
  }
}

// MARK: Expiry

extension Log {
  /// Forgets producers that have not been heard of for too long, a page of them at a time; true if there
  /// is more to do.
  func expireProducers(_ upkeep: inout Upkeep, now: Int64) -> Bool {
    guard now >= upkeep.nextExpiry else { return false }
    let limit = Timestamp.before(
      environment.time.wallMilliseconds, by: configuration.producerExpiration)
    let page = upkeep.expiryPage ?? 0
    upkeep.expiryPage = tail.withLock { $0.producers.expire(notSince: limit, onPage: page) }
    guard upkeep.expiryPage == nil else { return true }
    upkeep.nextExpiry = now + LogLimits.expiryInterval
    return false
  }

  /// When that is to be looked at again; nil where there is nobody.
  func expiryDeadline(_ upkeep: borrowing Upkeep) -> Int64? {
    tail.withLock { $0.producers.isEmpty } ? nil : upkeep.nextExpiry
  }
}
