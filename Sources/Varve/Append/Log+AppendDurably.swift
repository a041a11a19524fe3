extension Log {
  /// Appends a record, and returns once as much is true of it as was asked for.
  ///
  /// For ``Durability/durable`` the task is suspended while one sync brings this record and those of
  /// others to the device. Where that fails, the record was appended all the same, and readers may
  /// have seen it: the error's ``LogError/appendedOffset`` says so, and ``waitUntilDurable(_:)-4piyj``
  /// tries again what may be tried again.
  @discardableResult
  public func append(
    _ record: Record, durability: Durability
  ) async throws(LogError) -> AppendReceipt {
    try await append(durability) { () throws(LogError) in try offer(record) }
  }

  /// Appends records as one batch, and returns once as much is true of them as was asked for.
  @discardableResult
  public func append(
    _ records: [Record], durability: Durability
  ) async throws(LogError) -> AppendReceipt {
    try await append(durability) { () throws(LogError) in try offer(records) }
  }

  /// Appends a batch, and returns once as much is true of it as was asked for.
  @discardableResult
  public func append(
    _ batch: RecordBatch, durability: Durability
  ) async throws(LogError) -> AppendReceipt {
    try await append(durability) { () throws(LogError) in try offer(batch) }
  }

  /// Appends a batch as a producer sent it, and returns once as much is true of it as was asked for.
  @discardableResult
  public func append(
    producedBatch bytes: [UInt8], durability: Durability
  ) async throws(LogError) -> AppendReceipt {
    // SAFETY: the bytes of an array of UInt8 are all initialized.
    try await append(durability) { () throws(LogError) in
      try offer(producedBatch: unsafe bytes.span.bytes)
    }
  }

  /// Ends a producer's transaction, and returns once as much is true of the marker as was asked for.
  @discardableResult
  public func appendTransactionMarker(
    _ marker: EndTransactionMarker, of producer: Producer, durability: Durability
  ) async throws(LogError) -> AppendReceipt {
    try await append(durability) { () throws(LogError) in try offer(marker, of: producer) }
  }

  func append(
    _ durability: Durability, _ offer: () throws(LogError) -> Placement
  ) async throws(LogError) -> AppendReceipt {
    var cutCount = 0
    let receipt = try await append { () throws(LogError) in
      // Before: a cut that comes behind the append is to count.
      cutCount = commits.cutCount
      return try offer()
    }
    return try await settle(receipt, durability, since: cutCount)
  }

  /// - Parameter cutCount: How often the log had been cut before the append.
  func settle(
    _ receipt: AppendReceipt, _ durability: Durability, since cutCount: Int
  ) async throws(LogError) -> AppendReceipt {
    guard durability == .durable else { return receipt }
    do throws(LogError) {
      try await waitUntilDurable(receipt.nextOffset, since: cutCount)
    } catch {
      throw error.behind(receipt)
    }
    return receipt.whenDurable
  }
}

extension Log {
  /// Makes an attempt to append until it succeeds, and holds no thread while it waits for what that takes: a
  /// new segment's file, say.
  func append(
    _ offer: () throws(LogError) -> Placement
  ) async throws(LogError) -> AppendReceipt {
    var deadline: Int64?
    while true {
      let placement = try offer()
      if let receipt = receipt(of: placement) { return receipt }
      // Of all that it waits for: however many wait with it, or before it.
      let end = deadline ?? roomDeadline
      deadline = end
      try await wayMaking.wait { () async throws(LogError) in
        if case .needsSpare = placement { try await waitForRoom(until: end) }
        try await runtime.wayMakers.run { [self] () throws(LogError) in
          try makeWay(after: placement)
        }
      }
    }
  }
}

// MARK: For threads that may wait

extension Log {
  /// Appends a record, and returns once as much is true of it as was asked for. Of the threads that
  /// wait, one syncs for all.
  @available(*, noasync, message: "a sync waits for the device; use the async form")
  @discardableResult
  public func append(_ record: Record, durability: Durability) throws(LogError) -> AppendReceipt {
    try settleNow(since: commits.cutCount, try append(record), durability)
  }

  /// Appends a record of borrowed bytes, and returns once as much is true of it as was asked for.
  @available(*, noasync, message: "a sync waits for the device; append, then waitUntilDurable")
  @discardableResult
  public func append(
    key: RawSpan?, value: RawSpan?, timestamp: Timestamp? = nil, durability: Durability
  ) throws(LogError) -> AppendReceipt {
    try settleNow(
      since: commits.cutCount, try append(key: key, value: value, timestamp: timestamp), durability)
  }

  /// Appends records as one batch, and returns once as much is true of them as was asked for.
  @available(*, noasync, message: "a sync waits for the device; use the async form")
  @discardableResult
  public func append(
    _ records: [Record], durability: Durability
  ) throws(LogError) -> AppendReceipt {
    try settleNow(since: commits.cutCount, try append(records), durability)
  }

  /// Appends a batch, and returns once as much is true of it as was asked for.
  @available(*, noasync, message: "a sync waits for the device; use the async form")
  @discardableResult
  public func append(
    _ batch: RecordBatch, durability: Durability
  ) throws(LogError) -> AppendReceipt {
    try settleNow(since: commits.cutCount, try append(batch), durability)
  }

  /// Appends a batch as a producer sent it, and returns once as much is true of it as was asked for.
  @available(*, noasync, message: "a sync waits for the device; use the async form")
  @discardableResult
  public func append(
    producedBatch bytes: RawSpan, durability: Durability
  ) throws(LogError) -> AppendReceipt {
    try settleNow(since: commits.cutCount, try append(producedBatch: bytes), durability)
  }

  /// Ends a producer's transaction, and returns once as much is true of the marker as was asked for.
  @available(*, noasync, message: "a sync waits for the device; use the async form")
  @discardableResult
  public func appendTransactionMarker(
    _ marker: EndTransactionMarker, of producer: Producer, durability: Durability
  ) throws(LogError) -> AppendReceipt {
    try settleNow(
      since: commits.cutCount, try appendTransactionMarker(marker, of: producer), durability)
  }

  /// - Parameter cutCount: How often the log had been cut before the append.
  func settleNow(
    since cutCount: Int, _ receipt: AppendReceipt, _ durability: Durability
  ) throws(LogError) -> AppendReceipt {
    guard durability == .durable else { return receipt }
    do throws(LogError) {
      try waitUntilDurableNow(receipt.nextOffset, since: cutCount)
    } catch {
      throw error.behind(receipt)
    }
    return receipt.whenDurable
  }
}

extension LogError {
  /// The same error, of a call that has appended something before it failed.
  fileprivate func behind(_ receipt: AppendReceipt) -> LogError {
    LogError(
      code,
      "appended at \(receipt.baseOffset), but not known to be on the device: \(message)",
      breach: breach, systemCall: systemCall, appendedOffset: receipt.baseOffset)
  }
}
