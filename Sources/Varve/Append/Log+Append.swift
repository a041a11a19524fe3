internal import Synchronization
internal import VarveSystem

extension Log {
  /// Appends a record.
  ///
  /// When this returns, every reader sees the record, and a process that is killed does not lose it.
  ///
  /// - Returns: The record's offset and time.
  /// - Throws: ``LogError/Code/full`` if there is no space, ``LogError/Code/closed``,
  ///   ``LogError/Code/poisoned``, ``LogError/Code/device``, and
  ///   ``LogError/Code/invalidArgument`` for a record that the log does not take. Nothing was
  ///   appended then, and the next append may succeed.
  @discardableResult
  public func append(_ record: Record) throws(LogError) -> AppendReceipt {
    while true {
      if let receipt = try finish(offer(record)) { return receipt }
    }
  }

  /// Appends a record of borrowed bytes. Nothing is allocated.
  ///
  /// - Parameters:
  ///   - key: What the record is about, if anything.
  ///   - value: What it says; nil for a tombstone.
  ///   - timestamp: When it was made; nil for now, which is the time of the kernel's last tick, a
  ///     few milliseconds ago at the most.
  @discardableResult
  public func append(
    key: RawSpan?, value: RawSpan?, timestamp: Timestamp? = nil
  ) throws(LogError) -> AppendReceipt {
    while true {
      if let receipt = try finish(offer(key: key, value: value, timestamp: timestamp)) {
        return receipt
      }
    }
  }

  /// Appends records as one batch: all of them, or none.
  @discardableResult
  public func append(_ records: [Record]) throws(LogError) -> AppendReceipt {
    while true {
      if let receipt = try finish(offer(records)) { return receipt }
    }
  }

  /// Appends a batch as it is, but for what the log writes into it: offset, epoch, and time where
  /// the log's own counts. A compressed batch stays compressed.
  ///
  /// A batch of an idempotent producer is compared with what that one sent before: see
  /// ``append(producedBatch:)``.
  @discardableResult
  public func append(_ batch: RecordBatch) throws(LogError) -> AppendReceipt {
    while true {
      if let receipt = try finish(offer(batch)) { return receipt }
    }
  }

  /// Appends a batch as a producer sent it, once everything in it has been found right, compressed
  /// records included; these are stored as they came.
  ///
  /// What an idempotent producer has numbered is appended once, in the order of its numbers. One of its
  /// last five batches that comes again is answered with where it lies, see
  /// ``AppendReceipt/isDuplicate``. Where another batch is not the next one, ``LogError/refusal`` says
  /// why.
  ///
  /// - Throws: Also ``LogError/Code/fenced`` and ``LogError/Code/outOfOrder`` for an idempotent
  ///   producer's batch, and ``LogError/Code/unsupported`` for a batch whose codec is not built in, since it
  ///   cannot be looked into.
  @discardableResult
  public func append(producedBatch bytes: RawSpan) throws(LogError) -> AppendReceipt {
    while true {
      if let receipt = try finish(offer(producedBatch: bytes)) { return receipt }
    }
  }
}

// MARK: What follows an attempt

extension Log {
  /// Does outside the lock what an attempt to append has left to do, and waits for what it lacked; nil if
  /// it is to be made again.
  @inline(__always)
  func finish(_ placement: Placement) throws(LogError) -> AppendReceipt? {
    if let receipt = receipt(of: placement) { return receipt }
    if case .needsSpare = placement { waitForRoom() }
    try makeWay(after: placement)
    return nil
  }

  /// Tells those who wait of what was appended; nil if nothing was.
  @inline(__always)
  func receipt(of placement: Placement) -> AppendReceipt? {
    guard case .placed(let receipt, let needsMaintenance) = placement else { return nil }
    if needsMaintenance { wakeMaintenance() }
    waiters.wakeIfAny()
    return receipt
  }

  /// Sees to it that there is what an attempt to append lacked. This may wait for a device.
  @inline(never)
  func makeWay(after placement: Placement) throws(LogError) {
    switch placement {
    case .placed: break
    case .needsSpare: try makeSpareReady()
    case .needsFile: try leavePark()
    case .needsName: try sealWaiting()
    }
  }
}
