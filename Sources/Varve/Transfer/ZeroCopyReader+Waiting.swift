internal import VarveSystem

// Slices that are not there yet, as a consumer's fetch waits for them.

extension ZeroCopyReader {
  /// The batches from a position on, as soon as there are any, or as many as are wanted.
  ///
  /// The position is the one that it is now: from ``LogPosition/latest`` comes what is appended
  /// after the call.
  ///
  /// ```swift
  /// // What a consumer's fetch asks for: 64 KiB, or what there is after half a second.
  /// let slice = try await reader.waitForSlice(
  ///   from: .offset(next), minimumByteCount: 64 << 10, within: .milliseconds(500))
  /// ```
  ///
  /// - Parameters:
  ///   - position: Where to begin. The slice begins with the batch that holds the first record
  ///     that is asked for.
  ///   - minimumByteCount: How much to wait for. A slice ends with its segment, and has less where
  ///     that is near.
  ///   - maximumByteCount: What the slice may have, unless its first batch alone has more. To wait for
  ///     more than that would be in vain.
  ///   - isolation: Up to where the log is read; ``LogPosition/latest`` is there, too.
  ///   - duration: After what time to come back with what there is; nil to wait as long as it takes.
  /// - Returns: Nil once the log is closed and nothing more comes, see ``Log/isClosed``, or where
  ///   nothing has come in time.
  /// - Throws: ``LogError/Code/cancelled`` where the task is cancelled while it waits,
  ///   ``LogError/Code/poisoned`` where nothing comes any more because a sync failed, and as
  ///   ``slice(from:maximumByteCount:isolation:)-7nmz3``.
  public func waitForSlice(
    from position: LogPosition, minimumByteCount: Int = 1,
    maximumByteCount: Int = ZeroCopyReader.defaultSliceByteCount,
    isolation: ReadIsolation = .logEnd, within duration: Duration? = nil
  ) async throws(LogError) -> LogSlice? {
    try log.checkWaitable(isolation)
    let deadline = duration.map(log.deadline)
    let place = try await log.runtime.workers.run { () throws(LogError) in
      try self.log.place(of: position, isolation)
    }
    return try await wait(
      at: place, minimumByteCount, SliceRange(maximumByteCount, isolation), until: deadline)
  }

  /// The batches behind a slice of this log, as soon as there are any, or as many as are wanted.
  ///
  /// - Parameters:
  ///   - slice: Where to go on.
  ///   - minimumByteCount: How much to wait for.
  ///   - maximumByteCount: What the slice may have, unless its first batch alone has more.
  ///   - isolation: Up to where the log is read.
  ///   - duration: After what time to come back with what there is; nil to wait as long as it takes.
  /// - Returns: Nil once the log is closed and nothing more comes, or where nothing has come in time.
  /// - Throws: As ``waitForSlice(from:minimumByteCount:maximumByteCount:isolation:within:)``.
  public func waitForSlice(
    after slice: LogSlice, minimumByteCount: Int = 1,
    maximumByteCount: Int = ZeroCopyReader.defaultSliceByteCount,
    isolation: ReadIsolation = .logEnd, within duration: Duration? = nil
  ) async throws(LogError) -> LogSlice? {
    try log.checkWaitable(isolation)
    let deadline = duration.map(log.deadline)
    return try await wait(
      at: slice.endPlace, minimumByteCount, SliceRange(maximumByteCount, isolation), until: deadline
    )
  }
}

extension ZeroCopyReader {
  private func wait(
    at place: Place, _ minimumByteCount: Int, _ range: SliceRange, until deadline: Int64?
  ) async throws(LogError) -> LogSlice? {
    let byteCount = min(minimumByteCount, range.maximumByteCount)
    let log = log
    while !log.has(byteCount, behind: place, range.isolation) {
      guard !Task.isCancelled else { throw .cancelledWait }
      let end = log.end
      guard place.offset <= end else { throw .cut(at: end, readTo: place.offset) }
      if let ending = log.waiters(range.isolation).ending {
        // Ended first: after that a log grows no more.
        guard log.has(1, behind: place, range.isolation) || ending.code == .closed else {
          throw ending
        }
        break
      }
      if let deadline, log.environment.time.monotonicNanoseconds >= deadline { break }
      await log.wait(for: byteCount, behind: place, range.isolation, until: deadline)
    }
    guard log.has(1, behind: place, range.isolation) else { return nil }
    return try await log.runtime.workers.run { () throws(LogError) in
      try self.find(at: place, range)
    }
  }
}

extension Log {
  /// A time that far from now, by the log's clock; at the most so far that it can be counted.
  fileprivate func deadline(after duration: Duration) -> Int64 {
    let (seconds, attoseconds) = min(max(.zero, duration), .seconds(1 << 31)).components
    return environment.time.monotonicNanoseconds + seconds * 1_000_000_000
      + attoseconds / 1_000_000_000
  }
}
