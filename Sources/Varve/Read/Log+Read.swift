internal import VarveSystem

extension Log {
  /// The batches from a position on, up to an offset, or to what is the end now.
  ///
  /// - Parameters:
  ///   - position: Where to begin.
  ///   - end: The first offset that is not read.
  ///   - isolation: What is read at the most. With ``ReadIsolation/lastStable`` the batches are those
  ///     whose records count.
  @available(*, noasync, message: "a scan waits for the device; use tail(from:) in tasks")
  public func scan(
    from position: LogPosition, until end: Offset? = nil, isolation: ReadIsolation = .logEnd
  ) throws(LogError) -> LogScan {
    let place = try place(of: position, isolation)
    let most = self.end(isolation)
    return try LogScan(self, from: place, until: end ?? most, most, isolation)
  }

  /// Calls `body` with the record of an offset, which is valid within the call alone. Nothing is
  /// copied but the batch, out of the page cache.
  ///
  /// - Returns: What `body` returns; nil where the offset is in a gap, or is the log's end.
  /// - Throws: As ``record(at:)-5klb2``.
  @available(*, noasync, message: "a look-up may wait for the device; use record(at:)")
  @inlinable
  public func withRecord<Result>(
    at offset: Offset, _ body: (borrowing RecordView) -> Result
  ) throws(LogError) -> Result? {
    var result: Result?
    try visitRecord(at: offset) { result = body($0) }
    return result
  }

  /// A copy of the record of an offset; nil where the offset is in a gap, or is the log's end.
  ///
  /// - Throws: ``LogError/Code/trimmed`` where the offset lies before ``start``,
  ///   ``LogError/Code/invalidArgument`` where it lies behind ``end``, ``LogError/Code/corrupt`` where the
  ///   record is lost: ``LogError/damage`` says which part of the log is.
  public func record(at offset: Offset) async throws(LogError) -> Record? {
    try await runtime.workers.run { () throws(LogError) in try self.copyRecord(at: offset) }
  }

  /// A copy of the record of an offset, for threads that may wait for a device.
  ///
  /// - Throws: As ``record(at:)-5klb2``.
  @available(*, noasync, message: "a look-up may wait for the device; use the async form")
  public func record(at offset: Offset) throws(LogError) -> Record? {
    try copyRecord(at: offset)
  }

  private func copyRecord(at offset: Offset) throws(LogError) -> Record? {
    var record: Record?
    try visitRecord(at: offset) { record = Record(copying: $0) }
    return record
  }

  // Not generic: a generic one would be compiled for no type in particular.
  @usableFromInline
  func visitRecord(
    at offset: Offset, _ body: (borrowing RecordView) -> Void
  ) throws(LogError) {
    if offset >= end { try follow() }
    try lookingAgain { () throws(LogError) in try visit(offset, body) }
  }

  private func visit(
    _ offset: Offset, _ body: (borrowing RecordView) -> Void
  ) throws(LogError) {
    try checkRange(offset)
    let segment = table.floor(of: offset)
    guard
      var walk = try search(
        segment, for: .offset(offset), limit: segment.published.position)
    else { return }
    do throws(LogError) {
      try walk.loadBatch()
      try walk.batch.checkIntegrity()
    } catch {
      // What is lost is gone over, unless the offset is in it.
      let position = walk.position
      guard error.casts(doubtOn: segment),
        try damage(of: segment, at: position) != nil
      else { throw error }
      return try visit(offset, body)
    }
    var records = try walk.batch.records.makeIterator()
    while let record = records.next() {
      if record.offset >= offset {
        if record.offset == offset { body(record) }
        return
      }
    }
  }
}
