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
    guard record.headers.isEmpty else { return try append([record]) }
    return try append(
      key: record.key.span, value: record.value.span, timestamp: record.timestamp)
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
    let time = try admit(timestamp)
    try admit(hasKey: key != nil, time)
    let source = try SingleRecordSource(key: key, value: value, timestamp: time)
    guard source.byteCount <= LogLimits.inPlaceByteCount else {
      return try appendLarge(key: key, value: value, timestamp: time)
    }
    try admit(byteCount: source.byteCount)
    return try append(source)
  }

  /// Appends records as one batch: all of them, or none.
  @discardableResult
  public func append(_ records: [Record]) throws(LogError) -> AppendReceipt {
    try admit(records)
    var builder = try RecordBatchBuilder(capacity: Self.capacity(for: records))
    for var record in records {
      record.timestamp = try admit(record.timestamp)
      try builder.append(record)
    }
    return try appendBuilt(builder.finish())
  }

  /// Appends a batch as it is, but for what the log writes into it: offset, epoch, and time where
  /// the log's own counts. A compressed batch stays compressed.
  ///
  /// A batch of an idempotent producer is compared with what that one sent before: see
  /// ``append(producedBatch:)``.
  @discardableResult
  public func append(_ batch: RecordBatch) throws(LogError) -> AppendReceipt {
    try admit(batch.view, batch.header)
    return try appendBuilt(batch)
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
    let batch = try validated(bytes)
    let header = batch.header
    try admit(batch, header)
    let source = EncodedSource(bytes, header: header)
    try admit(byteCount: source.byteCount)
    guard header.producer == nil else { return try appendProduced(source, header) }
    return try append(source)
  }
}

// MARK: The way to the end of the log

extension Log {
  private func appendBuilt(_ batch: RecordBatch?) throws(LogError) -> AppendReceipt {
    guard let batch else { throw LogError(.invalidArgument, "there is no empty batch") }
    let header = batch.header
    let source = EncodedSource(batch.bytes, header: header)
    try admit(byteCount: source.byteCount)
    guard header.producer == nil else { return try appendProduced(source, header) }
    return try append(source)
  }

  /// Large records are encoded, and their checksum taken, outside the lock.
  private func appendLarge(
    key: RawSpan?, value: RawSpan?, timestamp: Timestamp
  ) throws(LogError) -> AppendReceipt {
    let room = FormatLimits.batchHeaderByteCount + FormatLimits.maximumRecordOverhead
    let byteCount = (key?.byteCount ?? 0) + (value?.byteCount ?? 0) + room
    try admit(byteCount: byteCount - room)
    var builder = try RecordBatchBuilder(capacity: byteCount)
    try builder.append(key: key, value: value, timestamp: timestamp)
    return try appendBuilt(builder.finish())
  }

  /// Puts a batch at the end of the log, as often as it takes until what it needs is there.
  @inline(__always)
  func append<Source: BatchSource & ~Copyable & ~Escapable>(
    _ source: borrowing Source
  ) throws(LogError) -> AppendReceipt {
    while true {
      let placement = try place(source)
      if let receipt = try finish(placement) { return receipt }
    }
  }

  /// Does outside the lock what an attempt to append has left to do; nil if it is to be made again.
  @inline(__always)
  func finish(_ placement: Placement) throws(LogError) -> AppendReceipt? {
    switch placement {
    case .placed(let receipt, let needsMaintenance):
      if needsMaintenance { wakeMaintenance() }
      waiters.wakeIfAny()
      return receipt
    case .needsSpare:
      waitForRoom()
      try makeSpareReady()
    case .needsFile: try leavePark()
    case .needsName: try sealWaiting()
    }
    return nil
  }

  @inline(__always)
  private func place<Source: BatchSource & ~Copyable & ~Escapable>(
    _ source: borrowing Source
  ) throws(LogError) -> Placement {
    // SAFETY: between acquire and release the state is this thread's.
    let state = unsafe tail.acquire()
    defer { tail.release() }
    let placement = try unsafe state.pointee.place(source, clock)
    publish(placement)
    return placement
  }

  /// Tells the log's new end, under the lock.
  @inline(__always)
  func publish(_ placement: Placement) {
    guard case .placed(let receipt, _) = placement else { return }
    // Sequentially consistent, so that the look for waiters, which follows, is not moved before it:
    // one who began to wait in between would sleep on.
    publishedEnd.store(receipt.nextOffset.rawValue, ordering: .sequentiallyConsistent)
  }
}

// MARK: What the log takes

extension Log {
  /// A producer's batch, once everything in it has been found right.
  @_lifetime(copy bytes)
  private func validated(_ bytes: RawSpan) throws(LogError) -> BatchView {
    guard BatchView.claimsCompression(bytes) else {
      return try BatchView(validating: bytes, as: .producer)
    }
    let pooled = runtime.decompressors.take()
    defer { runtime.decompressors.giveBack(pooled) }
    return try BatchView(validating: bytes, as: .producer, using: &pooled.decompressor)
  }

  private static func capacity(for records: [Record]) -> Int {
    records.reduce(FormatLimits.batchHeaderByteCount) { sum, record in
      record.headers.reduce(
        sum + FormatLimits.maximumRecordOverhead + (record.key?.count ?? 0)
          + (record.value?.count ?? 0)
      ) { $0 + $1.key.utf8.count + ($1.value?.count ?? 0) + 10 }
    }
  }
}
