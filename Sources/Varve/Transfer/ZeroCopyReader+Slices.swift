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
  ///   - isolation: Up to where the log is read; ``LogPosition/latest`` is there, too.
  /// - Returns: Nil at the end of what is read.
  /// - Throws: ``LogError/Code/trimmed`` before the log's start,
  ///   ``LogError/Code/invalidArgument`` behind its end, ``LogError/Code/corrupt``,
  ///   ``LogError/Code/device``.
  @available(*, noasync, message: "a look-up may wait for the device; use the async form")
  public func slice(
    from position: LogPosition, maximumByteCount: Int = ZeroCopyReader.defaultSliceByteCount,
    isolation: ReadIsolation = .logEnd
  ) throws(LogError) -> LogSlice? {
    try find(from: position, SliceRange(maximumByteCount, isolation))
  }

  /// The batches behind a slice of this log, in the next segment if need be.
  ///
  /// - Parameters:
  ///   - slice: Where to go on.
  ///   - maximumByteCount: What the slice may have, unless its first batch alone has more.
  ///   - isolation: Up to where the log is read.
  /// - Returns: Nil at the end of what is read.
  /// - Throws: As ``slice(from:maximumByteCount:isolation:)-7nmz3``.
  @available(*, noasync, message: "a look-up may wait for the device; use the async form")
  public func slice(
    after slice: LogSlice, maximumByteCount: Int = ZeroCopyReader.defaultSliceByteCount,
    isolation: ReadIsolation = .logEnd
  ) throws(LogError) -> LogSlice? {
    try find(after: slice, SliceRange(maximumByteCount, isolation))
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
  ///   - isolation: Up to where the log is read; ``LogPosition/latest`` is there, too.
  /// - Returns: Nil at the end of what is read.
  /// - Throws: ``LogError/Code/trimmed`` before the log's start,
  ///   ``LogError/Code/invalidArgument`` behind its end, ``LogError/Code/corrupt``,
  ///   ``LogError/Code/device``.
  public func slice(
    from position: LogPosition, maximumByteCount: Int = ZeroCopyReader.defaultSliceByteCount,
    isolation: ReadIsolation = .logEnd
  ) async throws(LogError) -> LogSlice? {
    try await log.runtime.workers.run { () throws(LogError) in
      try self.find(from: position, SliceRange(maximumByteCount, isolation))
    }
  }

  /// The batches behind a slice of this log, in the next segment if need be.
  ///
  /// - Parameters:
  ///   - slice: Where to go on.
  ///   - maximumByteCount: What the slice may have, unless its first batch alone has more.
  ///   - isolation: Up to where the log is read.
  /// - Returns: Nil at the end of what is read.
  /// - Throws: As ``slice(from:maximumByteCount:isolation:)-7nmz3``.
  public func slice(
    after slice: LogSlice, maximumByteCount: Int = ZeroCopyReader.defaultSliceByteCount,
    isolation: ReadIsolation = .logEnd
  ) async throws(LogError) -> LogSlice? {
    // At the end there is nothing to look for.
    guard log.end(isolation) > slice.offsets.upperBound else { return nil }
    return try await log.runtime.workers.run { () throws(LogError) in
      try self.find(after: slice, SliceRange(maximumByteCount, isolation))
    }
  }
}

// MARK: Both

/// How far a slice may go.
struct SliceRange: Sendable {
  let maximumByteCount: Int
  let isolation: ReadIsolation

  init(_ maximumByteCount: Int, _ isolation: ReadIsolation) {
    self.maximumByteCount = maximumByteCount
    self.isolation = isolation
  }
}

extension ZeroCopyReader {
  private func find(
    from position: LogPosition, _ range: SliceRange
  ) throws(LogError) -> LogSlice? {
    try find(at: try log.place(of: position, range.isolation), range)
  }

  private func find(after slice: LogSlice, _ range: SliceRange) throws(LogError) -> LogSlice? {
    try find(at: slice.endPlace, range)
  }

  /// The place to look in now for what was to be found at a place before.
  func current(_ place: Place) throws(LogError) -> Place {
    // Where the segment is still the one to look in, the search is over.
    guard log.table.floor(of: place.offset) === place.segment, place.offset >= log.start else {
      return try log.place(of: .offset(place.offset))
    }
    return place
  }

  /// Up to what is published as the log's end: batches that only their segment knows of yet are
  /// left for the next slice.
  func find(at place: Place, _ range: SliceRange) throws(LogError) -> LogSlice? {
    try log.lookingAgain { () throws(LogError) in try findOnce(at: try current(place), range) }
  }

  private func findOnce(at place: Place, _ range: SliceRange) throws(LogError) -> LogSlice? {
    let slice = try log.slice(
      at: place, maximumByteCount: range.maximumByteCount, below: log.end(range.isolation))
    guard range.isolation == .lastStable, var slice else { return slice }
    slice.abortedTransactions = try log.findAborted(in: slice.offsets)
    // What is said of those offsets now is of the segment that is there now.
    guard slice.segment.removal != .replaced else { throw .replacedMeanwhile }
    return slice
  }
}

extension LogSlice {
  /// Where the batch behind it begins, or will.
  var endPlace: Place {
    Place(segment: segment, position: endPosition, offset: offsets.upperBound)
  }
}
