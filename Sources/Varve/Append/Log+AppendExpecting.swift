internal import VarveSystem

// Appends on a condition: what was decided by what the log said up to an offset is appended only if nothing has
// come since.

extension Log {
  /// Appends records as one batch, if the log ends at an offset; otherwise nothing.
  ///
  /// Whoever has read up to there, and decides by that, finds out so that somebody else was faster: it reads
  /// on, and decides anew.
  ///
  /// ```swift
  /// let end = log.end
  /// let events = try decide(try await history(until: end))
  /// try log.append(events, expectingEnd: end)  // or .conflict
  /// ```
  ///
  /// - Parameters:
  ///   - records: What to append.
  ///   - end: The offset that the first of them is to get.
  /// - Throws: ``LogError/Code/conflict`` where the log ends elsewhere, and as ``append(_:)-7qy2l``.
  @discardableResult
  public func append(
    _ records: [Record], expectingEnd end: Offset
  ) throws(LogError) -> AppendReceipt {
    while true {
      if let receipt = try finish(offer(records, expectingEnd: end)) { return receipt }
    }
  }

  /// The same, and returns once as much is true of the records as was asked for.
  @discardableResult
  public func append(
    _ records: [Record], expectingEnd end: Offset, durability: Durability
  ) async throws(LogError) -> AppendReceipt {
    try await append(durability) { () throws(LogError) in
      try offer(records, expectingEnd: end)
    }
  }

  /// The same, for threads that may wait for a device.
  @available(*, noasync, message: "a sync waits for the device; use the async form")
  @discardableResult
  public func append(
    _ records: [Record], expectingEnd end: Offset, durability: Durability
  ) throws(LogError) -> AppendReceipt {
    try settleNow(since: commits.cutCount, try append(records, expectingEnd: end), durability)
  }

  private func offer(
    _ records: [Record], expectingEnd end: Offset
  ) throws(LogError) -> Placement {
    guard let batch = try built(records) else {
      throw LogError(.invalidArgument, "there is no empty batch")
    }
    let source = EncodedSource(batch.bytes, header: batch.header)
    try admit(byteCount: source.byteCount)
    return try place(source, at: end)
  }

  private func place(
    _ source: borrowing EncodedSource, at end: Offset
  ) throws(LogError) -> Placement {
    // SAFETY: between acquire and release the state is this thread's.
    let state = unsafe tail.acquire()
    defer { tail.release() }
    if let refusal = unsafe state.pointee.refusal { throw refusal }
    let found = Offset(rawValue: unsafe state.pointee.nextOffset)
    guard found == end else { throw .conflict(expected: end, found: found) }
    let placement = try unsafe state.pointee.place(source, clock)
    publish(placement)
    return placement
  }
}

extension LogError {
  @inline(never)
  fileprivate static func conflict(expected: Offset, found: Offset) -> LogError {
    LogError(.conflict, "the log ends at \(found), and not at \(expected)")
  }
}
