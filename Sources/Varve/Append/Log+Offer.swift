internal import Synchronization
internal import VarveSystem

// One attempt to put something at the end of the log. None waits for a device: where there is something to
// wait for, the attempt says so, and whoever made it waits in his own way and makes it again.

extension Log {
  func offer(_ record: Record) throws(LogError) -> Placement {
    guard record.headers.isEmpty else { return try offer([record]) }
    return try offer(
      key: record.key.span, value: record.value.span, timestamp: record.timestamp)
  }

  @inline(__always)
  func offer(
    key: RawSpan?, value: RawSpan?, timestamp: Timestamp?
  ) throws(LogError) -> Placement {
    let time = try admit(timestamp)
    try admit(hasKey: key != nil, time)
    let source = try SingleRecordSource(key: key, value: value, timestamp: time)
    guard source.byteCount <= LogLimits.inPlaceByteCount else {
      return try offerLarge(key: key, value: value, timestamp: time)
    }
    try admit(byteCount: source.byteCount)
    return try place(source)
  }

  func offer(_ records: [Record]) throws(LogError) -> Placement {
    try offerBuilt(built(records))
  }

  /// Records put together as a batch; nil if there are none.
  func built(_ records: [Record]) throws(LogError) -> RecordBatch? {
    try admit(records)
    var builder = try RecordBatchBuilder(capacity: Self.capacity(for: records))
    for var record in records {
      record.timestamp = try admit(record.timestamp)
      try builder.append(record)
    }
    return builder.finish()
  }

  func offer(_ batch: RecordBatch) throws(LogError) -> Placement {
    try admit(batch.view, batch.header)
    return try offerBuilt(batch)
  }

  func offer(producedBatch bytes: RawSpan) throws(LogError) -> Placement {
    let batch = try validated(bytes)
    try admit(batch, batch.header)
    return try offer(EncodedSource(bytes, header: batch.header), batch.header)
  }

  private func offerBuilt(_ batch: RecordBatch?) throws(LogError) -> Placement {
    guard let batch else { throw LogError(.invalidArgument, "there is no empty batch") }
    return try offer(EncodedSource(batch.bytes, header: batch.header), batch.header)
  }

  @inline(__always)
  private func offer(
    _ source: borrowing EncodedSource, _ header: BatchHeader
  ) throws(LogError) -> Placement {
    try admit(byteCount: source.byteCount)
    guard header.producer == nil else { return try offerProduced(source, header) }
    return try place(source)
  }

  /// Large records are encoded, and their checksum taken, outside the lock.
  private func offerLarge(
    key: RawSpan?, value: RawSpan?, timestamp: Timestamp
  ) throws(LogError) -> Placement {
    let room = FormatLimits.batchHeaderByteCount + FormatLimits.maximumRecordOverhead
    let byteCount = (key?.byteCount ?? 0) + (value?.byteCount ?? 0) + room
    try admit(byteCount: byteCount - room)
    var builder = try RecordBatchBuilder(capacity: byteCount)
    try builder.append(key: key, value: value, timestamp: timestamp)
    return try offerBuilt(builder.finish())
  }
}

// MARK: The way to the end of the log

extension Log {
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
