internal import VarveSystem

extension Log {
  /// The batches from a position on, up to an offset, or to what is the end now.
  @available(*, noasync, message: "a scan waits for the device; use tail(from:) in tasks")
  public func scan(
    from position: LogPosition, until end: Offset? = nil
  ) throws(LogError) -> LogScan {
    let end = min(end ?? self.end, self.end)
    return try LogScan(self, from: place(of: position), until: end)
  }

  /// Calls `body` with the record of an offset, which is valid within the call alone. Nothing is
  /// copied but the batch, out of the page cache.
  ///
  /// - Returns: What `body` returns; nil where the offset is in a gap.
  @available(*, noasync, message: "a look-up may wait for the device; use record(at:)")
  public func withRecord<Result>(
    at offset: Offset, _ body: (borrowing RecordView) -> Result
  ) throws(LogError) -> Result? {
    try withRecordNow(at: offset, body)
  }

  /// A copy of the record of an offset; nil where the offset is in a gap.
  public func record(at offset: Offset) async throws(LogError) -> Record? {
    try await runtime.workers.run { () throws(LogError) in
      try self.withRecordNow(at: offset) { Record(copying: $0) }
    }
  }

  /// A copy of the record of an offset, for threads that may wait for a device.
  @available(*, noasync, message: "a look-up may wait for the device; use the async form")
  public func record(at offset: Offset) throws(LogError) -> Record? {
    try withRecordNow(at: offset) { Record(copying: $0) }
  }

  private func withRecordNow<Result>(
    at offset: Offset, _ body: (borrowing RecordView) -> Result
  ) throws(LogError) -> Result? {
    try checkRange(offset)
    let segment = table.floor(of: offset)
    let found = try search(segment, limit: segment.published.position) {
      walk, stop, _ throws(LogError) -> Found<Result>? in
      guard stop.header.lastOffset >= offset else { return nil }
      if try walk.load(stop) {
        return Found(value: try walk.batch(at: stop).withRecord(at: offset, body))
      }
      let batch = RecordBatch(
        sharing: try read(stop, of: segment), from: 0, header: stop.header)
      return Found(value: try batch.view.withRecord(at: offset, body))
    } hint: { index in
      index.offsets.floor(of: offset)
    }
    return found?.value
  }

  private struct Found<Value> {
    let value: Value?
  }
}

extension BatchView {
  fileprivate func withRecord<Result>(
    at offset: Offset, _ body: (borrowing RecordView) -> Result
  ) throws(LogError) -> Result? {
    try checkIntegrity()
    var records = try records.makeIterator()
    while let record = records.next() {
      if record.offset == offset { return body(record) }
      if record.offset > offset { return nil }
    }
    return nil
  }
}
