internal import VarveSystem

extension ZeroCopyReader {
  /// How many bytes a slice has at the most where a call does not say: 1 MiB.
  public static let defaultSliceByteCount = 1 << 20
}

// MARK: For threads that may wait for a device

extension ZeroCopyReader {
  /// The batches from a position on: as many whole ones as fit, and at least one.
  ///
  /// - Parameters:
  ///   - position: Where to begin. The slice begins with the batch that holds the first record
  ///     that is asked for.
  ///   - maximumByteCount: What the slice may have, unless its first batch alone has more.
  /// - Returns: Nil at the log's end.
  /// - Throws: ``LogError/Code/trimmed`` before the log's start,
  ///   ``LogError/Code/invalidArgument`` behind its end, ``LogError/Code/corrupt``,
  ///   ``LogError/Code/device``.
  @available(*, noasync, message: "a look-up may wait for the device; use the async form")
  public func slice(
    from position: LogPosition, maximumByteCount: Int = ZeroCopyReader.defaultSliceByteCount
  ) throws(LogError) -> LogSlice? {
    try find(from: position, maximumByteCount)
  }

  /// The batches behind a slice of this log, in the next segment if need be.
  ///
  /// - Parameter maximumByteCount: What the slice may have, unless its first batch alone has more.
  /// - Returns: Nil at the log's end.
  /// - Throws: As ``slice(from:maximumByteCount:)``.
  @available(*, noasync, message: "a look-up may wait for the device; use the async form")
  public func slice(
    after slice: LogSlice, maximumByteCount: Int = ZeroCopyReader.defaultSliceByteCount
  ) throws(LogError) -> LogSlice? {
    try find(after: slice, maximumByteCount)
  }
}

// MARK: For tasks

extension ZeroCopyReader {
  /// The batches from a position on: as many whole ones as fit, and at least one.
  ///
  /// - Parameters:
  ///   - position: Where to begin. The slice begins with the batch that holds the first record
  ///     that is asked for.
  ///   - maximumByteCount: What the slice may have, unless its first batch alone has more.
  /// - Returns: Nil at the log's end.
  /// - Throws: ``LogError/Code/trimmed`` before the log's start,
  ///   ``LogError/Code/invalidArgument`` behind its end, ``LogError/Code/corrupt``,
  ///   ``LogError/Code/device``.
  public func slice(
    from position: LogPosition, maximumByteCount: Int = ZeroCopyReader.defaultSliceByteCount
  ) async throws(LogError) -> LogSlice? {
    try await log.runtime.workers.run { () throws(LogError) in
      try self.find(from: position, maximumByteCount)
    }
  }

  /// The batches behind a slice of this log, in the next segment if need be.
  ///
  /// - Parameter maximumByteCount: What the slice may have, unless its first batch alone has more.
  /// - Returns: Nil at the log's end.
  /// - Throws: As ``slice(from:maximumByteCount:)``.
  public func slice(
    after slice: LogSlice, maximumByteCount: Int = ZeroCopyReader.defaultSliceByteCount
  ) async throws(LogError) -> LogSlice? {
    // At the end there is nothing to look for.
    guard log.end > slice.offsets.upperBound else { return nil }
    return try await log.runtime.workers.run { () throws(LogError) in
      try self.find(after: slice, maximumByteCount)
    }
  }

  /// The batches from a position on, as soon as there are any.
  ///
  /// The position is the one that it is now: from ``LogPosition/latest`` comes what is appended
  /// after the call.
  ///
  /// - Returns: Nil once the log is closed and nothing more comes.
  /// - Throws: ``LogError/Code/cancelled`` where the task is cancelled while it waits, and as
  ///   ``slice(from:maximumByteCount:)``.
  public func waitForSlice(
    from position: LogPosition, maximumByteCount: Int = ZeroCopyReader.defaultSliceByteCount
  ) async throws(LogError) -> LogSlice? {
    let place = try await log.runtime.workers.run { () throws(LogError) in
      try self.log.place(of: position)
    }
    return try await waitForSlice(at: place, maximumByteCount)
  }

  /// The batches behind a slice of this log, as soon as there are any.
  ///
  /// - Returns: Nil once the log is closed and nothing more comes.
  /// - Throws: ``LogError/Code/cancelled`` where the task is cancelled while it waits, and as
  ///   ``slice(from:maximumByteCount:)``.
  public func waitForSlice(
    after slice: LogSlice, maximumByteCount: Int = ZeroCopyReader.defaultSliceByteCount
  ) async throws(LogError) -> LogSlice? {
    guard try await waitForGrowth(beyond: slice.offsets.upperBound) else { return nil }
    return try await self.slice(after: slice, maximumByteCount: maximumByteCount)
  }

  private func waitForSlice(
    at place: Place, _ maximumByteCount: Int
  ) async throws(LogError) -> LogSlice? {
    guard try await waitForGrowth(beyond: place.offset) else { return nil }
    return try await log.runtime.workers.run { () throws(LogError) in
      try self.find(at: place, maximumByteCount)
    }
  }

  /// Waits until an offset is one of the log's; false once the log is closed without it.
  private func waitForGrowth(beyond offset: Offset) async throws(LogError) -> Bool {
    let log = log
    while !log.hasGrown(beyond: offset) {
      guard !Task.isCancelled else { throw .cancelledWait }
      // Closed first: a log grows no more after that.
      guard !log.waiters.isClosed else { return log.hasGrown(beyond: offset) }
      await log.waitToGrow(beyond: offset)
    }
    return true
  }
}

// MARK: Both

extension ZeroCopyReader {
  private func find(
    from position: LogPosition, _ maximumByteCount: Int
  ) throws(LogError) -> LogSlice? {
    try find(at: try log.place(of: position), maximumByteCount)
  }

  private func find(
    after slice: LogSlice, _ maximumByteCount: Int
  ) throws(LogError) -> LogSlice? {
    let next = slice.offsets.upperBound
    // Where the segment is still the one to look in, the search is over.
    guard log.table.floor(of: next) === slice.segment, next >= log.start else {
      return try find(from: .offset(next), maximumByteCount)
    }
    let place = Place(segment: slice.segment, position: slice.endPosition, offset: next)
    return try find(at: place, maximumByteCount)
  }

  /// Up to what is published as the log's end: batches that only their segment knows of yet are
  /// left for the next slice.
  private func find(at place: Place, _ maximumByteCount: Int) throws(LogError) -> LogSlice? {
    try log.slice(at: place, maximumByteCount: maximumByteCount, below: log.end)
  }
}
